"""The terms, one a line, in the order of the chapters. Their words stand in the catalogues.

A chapter's name after "=". A term: its key | the page that shows it, and what the link says
besides | its formula in LaTeX.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_TABLE = r"""
= text
token | bert view=input
tokenizer | translator stage=source
special_token | heads
subword | words view=pieces
bpe | words view=pieces tokenizer=smollm2
wordpiece | words view=pieces tokenizer=minilm
vocabulary | translator stage=softmax | V
one_hot | words view=table | x_i \in \{0, 1\},\quad \sum_i x_i = 1
embedding | translator stage=source | x = E_{t}
embedding_table | words view=table | x^{\top} E,\quad E \in \mathbb{R}^{V \times d}
skip_gram | words view=neighbours | \ln\sigma(v \cdot u) + \sum_k \ln\sigma(-v \cdot u_k)
ppmi | words view=table vectors=counted | \max\!\left(0,\ \ln\dfrac{p(w, c)}{p(w)\,p(c)}\right)
frame | heads
bias | bert view=next | y = W\,x + b
dot_product | scores step=2 | q \cdot k = \sum_i q_i\,k_i
cosine | bert view=senses | \cos(a, b) = \dfrac{a \cdot b}{\lVert a\rVert\,\lVert b\rVert}
neighbour | words view=neighbours
analogy | words view=analogies | \arg\max_w \cos(w,\ a - b + c)
pca | words view=map projection=pca | (e - m) \cdot u
tsne | words view=map projection=tsne | q_{ij} \propto \dfrac{1}{1 + \lVert y_i - y_j\rVert^2}
logit | bert view=mask | \ell = W_{o}\,h + b
= neuron
activation | neuron view=unit | a = f(w \cdot x + b)
linear_separability | neuron view=xor | w \cdot x + b = 0
hidden_layer | neuron view=xor hidden=sigmoid | h = f(W_1 x + b_1)
relu | neuron view=unit activation=relu | \max(0, z)
backpropagation | neuron view=loss | \partial_w L = \partial_a L \cdot a'(z) \cdot x
autograd | neuron view=depth
gradient_descent | neuron view=loss | \theta \leftarrow \theta - \eta\,\nabla_{\theta} L
learning_rate | neuron view=loss | w \leftarrow w - \eta\,\dfrac{\partial L}{\partial w}
initialisation | neuron view=depth start=he | \operatorname{Var}(w) = \dfrac{2}{n}
epoch | neuron view=loss
overfitting | neuron view=loss
dropout | neuron view=loss
= recurrent
rnn | memory view=exploding | h_t = \tanh(W x_t + U h_{t-1} + b)
hidden_state | lstm | h_t
unit | lstm | h_{t,j}
lstm | lstm
cell_state | lstm | c_t = f_t \odot c_{t-1} + i_t \odot g_t
gate | lstm gate=f | \sigma(W x_t + U h_{t-1} + b)
forget_gate | lstm gate=f | f_t = \sigma(\cdot)
input_gate | lstm gate=i | i_t = \sigma(\cdot)
candidate | lstm gate=g | g_t = \tanh(\cdot)
output_gate | lstm gate=o | h_t = o_t \odot \tanh(c_t)
forget_bias | lstm view=bias | f = \sigma(b)
gru | lstm model=gru | h_t = (1 - z_t) \odot n_t + z_t \odot h_{t-1}
update_gate | lstm model=gru gate=z | z_t = \sigma(\cdot)
reset_gate | lstm model=gru gate=r | n_t = \tanh(W x_t + b + r_t \odot (U h_{t-1} + b'))
bidirectional | lstm view=returned model=tagger | [\overrightarrow{h}_t;\ \overleftarrow{h}_t]
stacked | lstm view=returned | x_t^{(l+1)} = h_t^{(l)}
return_sequences | lstm view=returned | h_1, \dots, h_n \ \text{/}\ h_n
many_to_one | lstm view=shapes task_shape=many_to_one | \hat{y} = f(h_n)
one_to_many | lstm view=shapes task_shape=one_to_many | h_0 = f(x)
many_to_many | lstm view=shapes task_shape=encoder_decoder | x_{1..n} \to y_{1..m}
tagging | lstm view=shapes task_shape=tagging | \hat{y}_t = f(h_t)
sigmoid | lstm gate=f | \sigma(z) = \dfrac{1}{1 + e^{-z}}
tanh | memory view=exploding | \tanh(z) = \dfrac{e^{z} - e^{-z}}{e^{z} + e^{-z}}
gradient | memory view=gradients | \dfrac{\partial s_n}{\partial x_t}
jacobian | memory view=exploding | J_t = \dfrac{\partial h_t}{\partial h_{t-1}}
singular_value | memory view=exploding | \sigma = \max_{\lVert x\rVert = 1} \lVert U x\rVert
vanishing | memory view=exploding | \prod_t \lVert J_t\rVert \to 0
exploding | memory view=exploding recurrent=rotation sigma=125 | \prod_t \lVert J_t\rVert \to \infty
gradient_norm | memory view=clipping | \lVert g\rVert = \sqrt{\sum_i g_i^2}
clipping | memory view=clipping | g \leftarrow g\,\min(1,\ c / \lVert g\rVert)
distractor | memory view=recall
= seq2seq
encoder | seq2seq | H_1, \dots, H_n
decoder | seq2seq | p(y_t \mid y_{<t}, x)
context_vector | seq2seq sum=context | C_t = \sum_j \alpha_{t,j}\,H_j
additive_attention | seq2seq sum=score | e_{t,j} = v^{\top}\tanh(W h_t + U H_j + b)
teacher_forcing | seq2seq feed=forced
free_running | seq2seq feed=free
alignment | seq2seq
reference_alignment | seq2seq gold=1
= attention
attention | scores | \mathrm{softmax}\!\left(\dfrac{QK^{\top}}{\sqrt{d_k}}\right)V
head | heads
layer | heads
query | scores step=1 part=q | q = x\,W_Q
key | scores step=1 part=k | k = x\,W_K
value | scores step=1 part=v | v = x\,W_V
score | scores step=3 | s = \dfrac{q \cdot k}{\sqrt{d_k}}
scaling | scores step=3 | \dfrac{1}{\sqrt{d_k}}
mask | scores step=4 | s + M,\quad M \in \{0, -\infty\}
causal_mask | gpt view=mask | \begin{pmatrix} 0 & -\infty \\ 0 & 0 \end{pmatrix}
sliding_window | scores step=4 mask=window | M_{ij} = -\infty,\quad \lvert i-j\rvert > r
sparse_attention | heads | n \cdot w \ll n^2
padding | scores step=4 mask=padding
soft_cap | scores step=3 | c\,\tanh\dfrac{s}{c}
softmax | scores step=5 | \alpha_i = \dfrac{e^{s_i}}{\sum_j e^{s_j}}
weight | heads | \alpha_{ij},\quad \sum_j \alpha_{ij} = 1
weighted_sum | scores step=6 | z_i = \sum_j \alpha_{ij}\,v_j
attention_gate | scores step=6 | z_i \odot g_i
concatenation | scores step=7 | [z^{1}; z^{2}; \dots; z^{h}]
output_projection | scores step=8 | [z^{1}; \dots; z^{h}]\,W_O
self_attention | translator stage=encoder
cross_attention | translator stage=cross
entropy | heads | -\sum_j \alpha_j \ln \alpha_j
sink | heads
= positions
position_encoding | positions view=table | x + p_{pos}
sinusoid | positions view=waves | \sin\dfrac{pos}{n^{2i/d}},\ \cos\dfrac{pos}{n^{2i/d}}
learned_positions | positions view=learned
rope | positions view=ways way=rope | (R_m q) \cdot (R_n k) = q \cdot R_{n-m} k
alibi | positions view=ways way=alibi | q \cdot k - m_h\,(i - j)
relative_bias | positions view=ways way=t5 | q \cdot k + b_{\text{bucket}(i-j)}
bucket | positions view=ways way=t5
equivariance | positions view=shuffle | f(PX) = P f(X)
= transformer
transformer | translator
residual | translator stage=encoder_norm | x + f(x)
layer_norm | translator stage=feed_norm | \gamma\,\dfrac{x-\mu}{\sqrt{\sigma^2+\varepsilon}} + \beta
feed_forward | translator stage=feed | W_2\,\phi(W_1 x + b_1) + b_2
linear | translator stage=linear | \ell = E\,x + b
greedy_search | translator | \arg\max_w\, p(w)
beam_width | translator beams=3
length_penalty | translator beams=3 | \dfrac{\sum_t \ln p_t}{n^{\lambda}}
= bert
masked_token | bert view=mask | p(x_i \mid x_{\setminus i})
segment | bert view=input
cls | bert view=next
next_sentence | bert view=next
cross_sentence | bert view=between
sense | bert view=senses
contribution | bert view=next | u_i\,(W_{1,i} - W_{0,i})
= gpt
language_model | gpt view=write | p(x_t \mid x_{<t})
prompt | gpt view=write | x_1, \dots, x_m
sampling | gpt view=write | x_t \sim p
seed | gpt view=write
temperature | gpt view=write temperature=0.2 | \mathrm{softmax}(\ell / T)
top_k | gpt view=write top_k=5
top_p | gpt view=write top_p=0.5 | \sum_{i \le n} p_i \ge p
kv_cache | gpt view=cache | K_{1..t},\ V_{1..t}
latent_attention | gpt view=cache | k = c\,W_{K},\quad v = c\,W_{V}
induction_head | gpt view=induction | a\,b\,\dots\,a \to b
prefix_matching | gpt view=induction
= cost
operation | cost view=layers quantity=0 | n^2 d,\ n\,d^2,\ \dots
sequential_steps | cost view=layers quantity=1 | O(n)\ \text{/}\ O(1)
path_length | cost view=layers quantity=2 | O(n)\ \text{/}\ O(\log_k n)\ \text{/}\ O(1)
convolution | cost view=layers layer_type=2 | y_t = \sum_{i=0}^{k-1} W_i\,x_{t-i}
linear_attention | cost view=layers | \phi(Q)\,(\phi(K)^{\top} V)
fused_kernel | cost view=layers
tile | cost view=tiles
online_softmax | cost view=tiles | \ell' = e^{m - m'}\,\ell + \sum_j e^{s_j - m'}
quantisation | cost view=quantisation | w \approx d\,q + m
fine_tuning | cost view=lora
lora | cost view=lora | W + \dfrac{\alpha}{r}\,B A
rank | cost view=lora rank=8 | \operatorname{rank}(BA) \le r
gqa | cost view=cache sharing=gqa
mqa | cost view=cache sharing=mqa
= vision
vit | vision
patch | vision view=attention sum=patch | e = x_{\text{patch}} W + b + p
shifted_window | vision
rollout | vision view=rollout | R_l = \tfrac{1}{2}(\bar{A}_l + I)\,R_{l-1}
deletion | vision view=deletion
= measures
loss | gpt view=induction | -\ln p(x_t)
cross_entropy | cost view=quantisation quantised=bits | -\sum_i y_i \ln \hat{y}_i
nat | gpt view=induction | 1\ \text{nat} = \dfrac{1}{\ln 2}\ \text{bit}
perplexity | lstm | e^{\text{mean}(-\ln p)}
accuracy | memory view=recall
baseline | bert view=mask
held_out | vision view=deletion
training_run | memory view=recall
correlates | lstm order=property | r = \dfrac{\operatorname{cov}(x, y)}{\sigma_x \sigma_y}
ablation | lstm silence=unit | h_j := 0
jensen_shannon | heads view=compare against=head | H(\tfrac{p+q}{2}) - \tfrac{H(p) + H(q)}{2}
what_if | scores mask=causal
"""


@dataclass(frozen=True, slots=True)
class GlossaryTerm:
    """A word of the field. Its name is glossary.term.<key>, its sentence glossary.said.<key>.

    page: the topic that shows it; seen: parameter → value, as its address has them. formula:
    LaTeX; "": none.
    """

    key: str
    chapter: str
    page: str
    seen: Mapping[str, str]
    formula: str


def _read(table: str) -> tuple[GlossaryTerm, ...]:
    """The terms of a table in its order. ValueError: a line that is none."""
    found, chapter = [], ""
    for line in table.split("\n"):
        if line.startswith("="):
            chapter = line[1:].strip()
        elif line:
            key, place, *formula = line.split(" | ")
            page, *seen = place.split()
            said = MappingProxyType(dict(one.split("=") for one in seen))
            found.append(GlossaryTerm(key, chapter, page, said, *(formula or [""])))
    return tuple(found)


TERMS = _read(_TABLE)
CHAPTERS = tuple(dict.fromkeys(term.chapter for term in TERMS))
