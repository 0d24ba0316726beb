"""How the app is served to many: several processes behind one door."""
