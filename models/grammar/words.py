"""The word tables, one word a line. How a row is read stands in `lexicon`."""

# stem | bound shape (empty: by rule; *: front harmony) | English | plural | kinds | flags
NOUNS_TABLE = """
çocuk    |       | child     | children | person young kin         |
kadın    |       | woman     | women    | person adult lovely      | she
adam     |       | man       | men      | person adult             | he
kız      |       | girl      |          | person young lovely      | she
öğretmen |       | teacher   |          | person adult kin         |
öğrenci  |       | student   |          | person young             |
doktor   |       | doctor    |          | person adult kin         |
komşu    |       | neighbour |          | person adult kin         |
arkadaş  |       | friend    |          | person adult kin         |
yazar    |       | writer    |          | person adult             |
aşçı     |       | cook      |          | person adult             |
çiftçi   |       | farmer    |          | person adult             |
kral     |       | king      |          | person adult             | he
şoför    |       | driver    |          | person adult             |
anne     |       | mother    |          | person adult kin only    | she
baba     |       | father    |          | person adult kin only    | he
amca     |       | uncle     |          | person adult kin         | he
teyze    |       | aunt      |          | person adult kin         | she
oğul     | oğl   | son       |          | person young kin         | he related
kedi     |       | cat       |          | animal pet lovely        |
köpek    |       | dog       |          | animal pet barking       |
kuş      |       | bird      |          | animal lovely            |
at       |       | horse     |          | animal lovely            |
tavşan   |       | rabbit    |          | animal pet lovely        |
inek     |       | cow       |          | animal                   |
fare     |       | mouse     | mice     | animal                   |
aslan    |       | lion      |          | animal wild              |
maymun   |       | monkey    |          | animal                   |
ayı      |       | bear      |          | animal wild              |
kurt     | kurd  | wolf      | wolves   | animal wild              |
elma     |       | apple     |          | food fruit               |
muz      |       | banana    |          | food fruit               |
portakal |       | orange    |          | food fruit               |
armut    | armud | pear      |          | food fruit               |
domates  |       | tomato    |          | food fruit               |
balık    |       | fish      | fish     | food dish piece solid    |
yumurta  |       | egg       |          | food dish piece          |
pasta    |       | cake      |          | food piece solid         |
ekmek    |       | bread     |          | food solid loaf          | mass
peynir   |       | cheese    |          | food solid               | mass
çorba    |       | soup      |          | dish soup                | mass
et       |       | meat      |          | food dish solid          | mass
su       |       | water     |          | drink                    | mass
süt      |       | milk      |          | drink                    | mass
çay      |       | tea       |          | drink hot                | mass
kahve    |       | coffee    |          | drink hot                | mass
kitap    |       | book      |          | text written thing       |
mektup   |       | letter    |          | text written thing       |
roman    |       | novel     |          | text written thing       |
şiir     |       | poem      |          | text written work        |
gazete   |       | newspaper |          | text thing               |
şarkı    |       | song      |          | sound work               |
film     |       | film      |          | show work                |
ev       |       | house     |          | place building home      | in
okul     |       | school    |          | place building civic     | at
hastane  |       | hospital  |          | place building civic     | at
park     | park  | park      |          | place outdoor civic      | in
bahçe    |       | garden    |          | place outdoor home       | in
orman    |       | forest    |          | place outdoor            | in
sokak    |       | street    |          | place outdoor civic      | in
köy      |       | village   |          | place outdoor settlement | in
şehir    | şehr  | city      |          | place outdoor settlement | in
oda      |       | room      |          | place building home      | in
mutfak   |       | kitchen   |          | place building home      | in
deniz    |       | sea       |          | place water              | in
göl      |       | lake      |          | place water              | in
araba    |       | car       |          | vehicle thing car        |
otobüs   |       | bus       |          | vehicle boarded          |
tren     |       | train     |          | vehicle boarded          |
bisiklet |       | bicycle   |          | vehicle thing car        |
uçak     |       | plane     |          | vehicle boarded          |
top      |       | ball      |          | thing toy                |
masa     |       | table     |          | thing furniture surface  | on
sandalye |       | chair     |          | thing furniture surface  | on
kapı     |       | door      |          | opening                  |
pencere  |       | window    |          | opening glass            |
kutu     |       | box       |          | thing opening surface    | in
çanta    |       | bag       |          | thing opening surface    | in
anahtar  |       | key       |          | thing small              |
saat     | saat* | watch     |          | thing small glass        |
kalem    |       | pen       |          | thing small              |
bardak   |       | glass     |          | thing glass dishes       |
tabak    |       | plate     |          | thing glass dishes       |
bıçak    |       | knife     | knives   | thing small dishes       |
telefon  |       | phone     |          | thing small glass        |
resim    | resm  | picture   |          | picture thing            |
çiçek    |       | flower    |          | plant                    |
ağaç     |       | tree      |          | plant                    |
gömlek   |       | shirt     |          | clothes thing            |
elbise   |       | dress     |          | clothes thing            |
şapka    |       | hat       |          | clothes thing            |
yüz      |       | face      |          | body                     | part
ayak     |       | foot      | feet     | body                     | part
diş      |       | tooth     | teeth    | body                     | part
ağız     | ağz   | mouth     |          | body                     | part
"""

NAMES_TABLE = """
Ayşe   | she
Elif   | she
İrem   | she
Işıl   | she
Zeynep | she
Mehmet | he
Ali    | he
Umut   | he
"""

# stem | bound | English | past | subjects | frame | objects | flags
VERBS_TABLE = """
gör     | | see | saw | person animal | object | person animal vehicle plant | stative place
ye      | | eat | ate | person animal | object | food | bare place
iç      | | drink | drank | person | object | drink soup | bare place
oku     | | read | read | person | object | text | bare place
yaz     | | write | wrote | person | object | written | bare place
al      | | buy | bought | person | object | food thing | bare
bul     | | find | found | person | object | small toy clothes text pet young | bare place
kaybet  | kaybed | lose | lost | person | object | small toy clothes text | place
aç      | | open | | person | object | opening | definite
kapat   | | close | | person | object | opening | definite
sev     | | love | | person | object | person pet drink fruit plant outdoor work | stative definite
iste    | | want | | person | object | food drink thing soup | bare stative
hatırla | | remember | | person | object | person work text outdoor building | stative definite
unut    | | forget | forgot | person | object | person small text clothes | definite
bekle   | | wait | | person | object acc for | person boarded | place
ara     | | look | | person | object acc for | small toy clothes text pet young | place
dinle   | | listen | | person | object acc to | person sound | place definite
izle    | | watch | | person | object | show animal | place
söyle   | | sing | sang | person | object | sound | bare place
taşı    | | carry | | person | object | furniture toy surface dishes | bare
yıka    | | wash | | person | object | dishes clothes car fruit pet body | place
temizle | | clean | | person | object | building furniture glass outdoor | definite
pişir   | | cook | | person | object | dish | bare place
kes     | | cut | cut | person | object | fruit solid plant |
kır     | | break | broke | person | object | glass | bare
çiz     | | draw | drew | person | object | picture plant animal building vehicle | bare place
tat     | tad | taste | | person | object | food drink soup |
kovala  | | chase | | animal young | object | animal young | place
ısır    | | bite | bit | animal | object | person animal fruit |
getir   | | bring | brought | person | transfer | food drink text thing | bare
ver     | | give | gave | person | transfer | food drink text thing | bare
gönder  | | send | sent | person | transfer | text clothes toy | bare
göster  | | show | | person | transfer | thing text building pet |
git     | gid | go | went | person | motion | place |
gel     | | come | came | person animal | motion | place | source
koş     | | run | ran | person animal | motion | outdoor building | place
dön     | | return | | person | motion | place | source
yürü    | | walk | | person animal | motion | outdoor building | place
bin     | | get | got | person | governed dat on | boarded |
bak     | | look | | person animal | governed dat at | person animal plant picture thing |
kork    | | fear | | person | governed abl | wild barking | stative
oyna    | | play | | young pet | governed ins with | toy young pet | place
konuş   | | talk | | person | governed ins with | person | place
uyu     | | sleep | slept | person animal | none | | place
gül     | | laugh | | person | none | | place
ağla    | | cry | | person | none | | place
otur    | | sit | sat | person animal | none | | place
çalış   | | work | | person | none | | place
yüz     | | swim | swam | person animal | none | | water
düş     | | fall | fell | person animal toy dishes fruit | none | |
havla   | | bark | | barking | none | | place
"""

# Turkish | English | kinds
ADJECTIVES_TABLE = """
küçük   | small     | animal fruit piece thing place vehicle opening plant young
büyük   | big       | animal fruit piece thing place vehicle opening plant
güzel   | beautiful | lovely text work place vehicle plant clothes picture
eski    | old       | thing place vehicle opening text
yeni    | new       | thing place vehicle opening text work
yaşlı   | old       | adult animal
genç    | young     | adult
kırmızı | red       | fruit vehicle thing opening clothes
mavi    | blue      | vehicle thing opening clothes water
sarı    | yellow    | vehicle thing opening clothes
yeşil   | green     | vehicle thing opening clothes plant
siyah   | black     | animal vehicle thing clothes
beyaz   | white     | animal vehicle thing opening clothes building
aç      | hungry    | person animal
yorgun  | tired     | person animal
mutlu   | happy     | person
üzgün   | sad       | person
hasta   | sick      | person animal
akıllı  | clever    | person animal
zengin  | rich      | person
tatlı   | sweet     | fruit
taze    | fresh     | food
sıcak   | hot       | drink dish loaf
soğuk   | cold      | drink dish water
temiz   | clean     | thing place vehicle clothes opening
kirli   | dirty     | thing place vehicle clothes opening
pahalı  | expensive | thing vehicle clothes building food
ucuz    | cheap     | thing vehicle clothes food
uzun    | long      | text work
ünlü    | famous    | adult work
"""

# Turkish: English
NUMERALS_TABLE = {
    "iki": ("two",),
    "üç": ("three",),
    "dört": ("four",),
    "beş": ("five",),
    "yedi": ("seven",),
    "on": ("ten",),
    "yüz": ("a", "hundred"),
}
COLOURS = frozenset({"kırmızı", "mavi", "sarı", "yeşil", "siyah", "beyaz"})
# Turkish: English, and the verbs that it goes with
MANNER_TABLE = {
    "hızla": (
        "quickly",
        "ye iç oku yaz bul aç kapat yıka temizle kes çiz kovala git gel koş yürü bin çalış yüz",
    ),
    "yavaşça": (
        "slowly",
        "ye iç oku yaz aç kapat taşı yıka pişir kes çiz tat git gel dön yürü bin konuş çalış yüz",
    ),
    "dikkatle": (
        "carefully",
        "oku yaz aç kapat ara dinle izle taşı yıka temizle pişir kes çiz tat bak çalış",
    ),
    "sessizce": (
        "quietly",
        "ye iç oku aç kapat bekle dinle izle söyle kovala yürü bak oyna konuş uyu gül ağla otur",
    ),
}
# Turkish words, English words, which tenses they go with. Word i of one is word i of the other.
TIMES_TABLE = (
    (("dün",), ("yesterday",), ("past",)),
    (("bugün",), ("today",), ("past", "present", "future")),
    (("yarın",), ("tomorrow",), ("future",)),
    (("şimdi",), ("now",), ("present",)),
    (("bu", "sabah"), ("this", "morning"), ("past",)),
    (("bu", "akşam"), ("this", "evening"), ("future",)),
    (("geçen", "hafta"), ("last", "week"), ("past",)),
    (("gelecek", "hafta"), ("next", "week"), ("future",)),
)
