"Fictitious persons: names, addresses and numbers that are valid in form and belong to nobody"
FIRST = {
    'en': 'Maren Tobias Ines Jonah Priya Callum Freya Dawit Leonie Marek Aisha Gareth Noor Elodie Samir Bridget Kwame Astrid Rohan Imogen Tomasz Yasmin Dermot Celeste Ivo Hannah Malik Sorcha Anton Zainab Rupert Linnea Hugo Thandi Oskar Fiona Emeka Greta Milan Orla Ravi Tilda Benedikt Amara Lewis Katja Idris Nell'.split(),
    'de': 'Heike Jürgen Anke Torsten Sabine Uwe Renate Björn Gisela Kai Ulrike Matthias Ilse Henning Dörte Lars Elke Sönke Wiebke Rainer Birgit Volker'.split(), 'es': 'Lucía Ignacio Marisol Joaquín Nuria Ramón Pilar Esteban Rocío Andrés Inés Gonzalo Begoña Rafael'.split(),
    'fr': 'Amélie Bastien Solène Thibault Maëlle Gaspard Odile Rémi Clémence Yann Noémie Étienne'.split(), 'pt': 'Beatriz Tiago Inês Duarte Mafalda Rui Catarina Gonçalo Leonor Nuno Joana Vasco'.split(), 'nl': 'Sanne Joris Marijke Bram Femke Sjoerd Anouk Thijs Liesbeth Gijs Roos Wouter'.split()}
LAST = {
    'en': 'Ashgrove Pellworth Okonjo Hargreave Lindqvist Marchbank Devani Thorley Castellan Wexcombe Adeyemo Brindle Kovarik Penhale Rostami Quillan Fairbourne Mbeki Stroud Tellier Ormond Vasey Hallam Ikeda Drummond Selwyn Barrowclough Nwosu Trevanion Calloway Ferrant Holroyd Zeller Markham Ostrander Keating Lowther Sandoval'.split(),
    'de': 'Brinkhoff Osterloh Wendtland Kallmeyer Rosskamp Tiedemann Heuermann Lammers Petersdorf Gruber Möllering Sasse Vogelsang Ahrens'.split(), 'es': 'Valcárcel Montijo Herreros Ybarra Lozoya Cifuentes Barreda Arnáiz Quiroga Pedrosa'.split(),
    'fr': 'Delaunoy Marchadier Fontvieille Roussillac Thévenard Barbaroux Lescure Vauclain'.split(), 'pt': 'Vasconcelos Quintela Abrantes Sequeira Taveira Bragança Lousada Meireles'.split(), 'nl': 'Verhoeven Dijkgraaf Hoogland Terpstra Van Aalst Zwanenburg Kuipers Roelofs'.split()}
STREETS = {'en': ['Alder Row', 'Quarry Lane', 'Millrace Street', 'St Brannock Road', 'Harbour Terrace', 'Cobbler’s Yard', 'Larkfield Avenue', 'Weir Close', 'Old Tannery Road', 'Beacon Hill'], 'de': ['Ahornweg', 'Deichstraße', 'Am Alten Hafen', 'Lindenallee', 'Brunnengasse', 'Kiebitzweg'],
           'es': ['Calle del Olivar', 'Avenida de la Ribera', 'Plaza del Molino', 'Calle Tejedores'], 'fr': ['rue des Tanneurs', 'allée du Moulin', 'quai des Saules', 'impasse du Verger'], 'pt': ['Rua das Oliveiras', 'Travessa do Moinho', 'Avenida da Ribeira', 'Rua do Tanoeiro'], 'nl': ['Molenstraat', 'Kerkpad', 'Wilgenlaan', 'Oude Haven']}
CITIES = {'en': ['Varnbek', 'Osterhaven', 'Millbrook-on-Tarn', 'Kestrel Bay', 'Thornwick', 'Lower Dunmere'], 'de': ['Varnbek', 'Osterhaven', 'Niederkroog', 'Lüttensiel'], 'es': ['Villaseca del Río', 'Puerto Alcor', 'Montelar'], 'fr': ['Sainte-Avelle', 'Port-Morvan', 'Lagrange-sur-Orne'], 'pt': ['Vila Ribeirinha', 'Porto Alvor', 'Monte Sereno'], 'nl': ['Oudewaal', 'Terhaven', 'Nieuwermeer']}
PHONES = {'en': ('+44 20 7946 0{}', '020 7946 0{}', '07700 900{}'), 'de': ('+49 30 5550 4{}', '030 5550 4{}', '0151 5550 {}4'), 'es': ('+34 600 555 {}', '600 555 {}'), 'fr': ('+33 1 99 00 4{}', '01 99 00 4{}'), 'pt': ('+351 910 555 {}', '910 555 {}'), 'nl': ('+31 6 5550 1{}', '06 5550 1{}')}
IBANS = {'en': ('GB', 'PLBK000000{8}'), 'de': ('DE', '99999999{10}'), 'es': ('ES', '99990000{12}'), 'fr': ('FR', '9999900000{11}99'), 'pt': ('PT', '99990000{13}'), 'nl': ('NL', 'PLBK{10}')}
COMPANIES = ['Pellworth & Daughters', 'Harbour Joinery', 'Tarn Valley Dental', 'Lindqvist Bakeries', 'Quarry Lane Garage', 'Café Osterhaven', 'Northgate Physio', 'Thornwick Parish Council', 'Beacon Print Works']


def iban(country, body):
    "An IBAN whose check digits are right"
    number = ''.join(str(int(c, 36)) for c in body + country + '00')
    return f'{country}{98 - int(number) % 97:02}{body}'


def card(r):
    "A card number that passes the Luhn check, from a range that no bank uses"
    digits = [int(d) for d in '999' + ''.join(str(r.randrange(10)) for _ in range(12))]
    total = sum(sum(divmod(2 * d, 10)) if i % 2 == 0 else d for i, d in enumerate(digits))
    text = ''.join(map(str, digits)) + str(-total % 10)
    return r.choice([text, ' '.join(text[i:i + 4] for i in range(0, 16, 4))])


class Person:
    "Somebody who does not exist; asked twice for the same thing, the answer is the same"
    def __init__(self, r, language):
        self.r, self.known = r, {}
        self.own = language if language in LAST else 'en'
        self.first, self.last = r.choice(FIRST[self.own]), r.choice(LAST[self.own])

    def value(self, kind):
        if kind not in self.known: self.known[kind] = getattr(self, f'_{kind}')()
        return self.known[kind]

    def _plain(self): return f'{self.first} {self.last}'.lower().translate(str.maketrans('áäâàãçéèêëíîïñóöôõúüß', 'aaaaaceeeeiiinoooouus', '’'))
    def _first(self): return self.first
    def _last(self): return self.last
    def _name(self): return f'{self.first} {self.last}'
    def _email(self): return self.r.choice(['{}.{}', '{}_{}', '{}{}']).format(*self._plain().replace('van aalst', 'vanaalst').split(' ', 1)).replace(' ', '') + self.r.choice(['', '', str(self.r.randrange(60, 99))]) + '@' + self.r.choice(['example.org', 'example.com', 'example.net', 'mail.example.org'])
    def _phone(self): return self.r.choice(PHONES[self.own]).format(f'{self.r.randrange(1000):03}')
    def _street(self): return self.r.choice([f'{self.r.randrange(1, 140)} {{}}', '{} ' + str(self.r.randrange(1, 140))][(self.own != 'en'):][:1]).format(self.r.choice(STREETS[self.own]))
    def _postcode(self): return f'V{self.r.randrange(1, 20)} {self.r.randrange(1, 9)}{self.r.choice("ABDEF")}{self.r.choice("GHJLN")}' if self.own == 'en' else f'{self.r.randrange(90000, 99999)}' if self.own != 'nl' else f'{self.r.randrange(1000, 9999)} {self.r.choice("ABDEF")}{self.r.choice("GHJLN")}'
    def _city(self): return self.r.choice(CITIES[self.own])
    def _address(self): return f'{self.value("street")}, {self.value("postcode")} {self.value("city")}' if self.own != 'en' else f'{self.value("street")}, {self.value("city")} {self.value("postcode")}'
    def _birthdate(self): return self.r.choice(['{d:02}.{m:02}.{y}', '{d}/{m}/{y}', '{y}-{m:02}-{d:02}']).format(d=self.r.randrange(1, 29), m=self.r.randrange(1, 13), y=self.r.randrange(1940, 2007))
    def _card(self): return card(self.r)
    def _company(self): return self.r.choice(COMPANIES)
    def _ip(self): return self.r.choice(['192.0.2.{}', '198.51.100.{}', '203.0.113.{}']).format(self.r.randrange(1, 255))
    def _handle(self): return f'@{self.value("username")}@{self.r.choice(["thornwick", "kestrel-bay", "osterhaven", "tarn"])}'
    def _username(self): return self._plain().split()[0].replace('’', '') + self.r.choice(['_', '.', '']) + self.r.choice(['tea', 'hill', 'bikes', 'reads', 'north', 'x']) + str(self.r.randrange(2, 99))

    def _iban(self):
        country, shape = IBANS[self.own]
        head, _, rest = shape.partition('{')
        n, _, tail = rest.partition('}')
        found = iban(country, head + ''.join(str(self.r.randrange(10)) for _ in range(int(n))) + tail)
        return self.r.choice([found, ' '.join(found[i:i + 4] for i in range(0, len(found), 4))])
