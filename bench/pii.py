"""Is personal data found, however it is written, and is what is clean left alone? Against Presidio in the same run.

    PLAYBOOK_BENCH_DATA=FOLDER PLAYBOOK_PEER=PYTHON python bench/pii.py

(a) identifiers that Faker makes, planted plain and under 15 disguises, beside clean text full of numbers; (b) the folder's presidio_generated, on
templates that nobody read while the detector was made – but these figures were seen four times on the way, F2 .77 at the first; (c) the packs' gold:
nothing of it taught the detector, but its errors were read and the thresholds chosen with them; (d) texts a second.
PLAYBOOK_PEER is a Python with presidio-analyzer (this one where it is unset). A span is found where at least half of it is covered by spans of its
group; neighbours of a group count as one; person, place (addresses, towns, postcodes), organisation … are the groups of `people.label_map`.
`dev` as argument prints (b) on the templates that were looked at."""
import json, os, random, re, subprocess, sys, time
from collections import Counter
from pathlib import Path
from common import ROOT, machine, median, table
from playbook.foundation.core import Pack
from playbook.privacy import identifiers, people

BARS = dict(plain=.99, disguised=.95, alarms=1, f2=.85, precision=.90, structured=20, whole=4)
PACKS = ['energy', 'entertainment', 'iot', 'sales', 'social']
LOCALES = dict(en=['en_GB', 'en_US', 'en_CA', 'en_IE'], de=['de_DE', 'de_AT'], fr=['fr_FR'], es=['es_ES'], nl=['nl_NL'], pt=['pt_PT'])
FRAMES = {
    'email': 'en you can write to {}|en my mail is {}, thanks|en {} is where it should go|de bitte an {} schicken|fr écrivez à {} svp|es mi correo es {}|nl mijn mail: {}|pt o meu e-mail é {}',
    'phone': 'en call me on {} please|en my number is {}|en {} is my mobile number|de ich bin unter {} erreichbar|fr appelez-moi au {}|es llámame al {}|nl bel me op {}|pt o meu telemóvel é {}',
    'card': 'en my card is {}|en card number {} was charged twice|en paid with {}|de meine Kreditkarte {}|fr ma carte {}|es mi tarjeta es {}|nl mijn creditcard {}|pt o cartão é {}',
    'iban': 'en refund to {} please|en my iban is {}|de bitte auf {} überweisen|fr mon compte {}|es mi cuenta {}|nl rekening {}|pt para o IBAN {}',
    'national_id': 'en_US my social security number is {}|en_US SSN: {}|nino national insurance number {}|nino it is {}|pl_PL my PESEL is {}|it_IT codice fiscale {}|sv_SE personnummer {}'
                   '|steuer meine Steuer-ID ist {}|fr_FR numéro de sécurité sociale {}|es_ES mi DNI es {}|nl_NL mijn bsn is {}|pt_PT contribuinte {}',
    'ip': 'en it came from {}|en server {} does not answer|de die IP {} ist gesperrt|fr mon adresse ip {}|es la IP {}|nl ip-adres {}|pt o IP {}',
    'mac': 'en the hub says {}|de MAC-Adresse {}|fr adresse MAC {}|es la MAC {}|nl mac {}|pt MAC {}',
    'own': 'en it is {}|en meter {} please|de Nummer {}|fr mon code {}|es es {}|nl het is {}|pt é {}'}
OWN = {'meter': r'\b[EGH]M-?\d{7}\b', 'order': r'TW\d{2}-\d{6}', 'post': r'\bP-[0-9A-Z]{8}\b', 'hub': r'\bHUB-[0-9A-F]{4}-[0-9A-F]{4}\b'}
WORDS = dict(en='zero one two three four five six seven eight nine', de='null eins zwei drei vier fünf sechs sieben acht neun', fr='zéro un deux trois quatre cinq six sept huit neuf',
             es='cero uno dos tres cuatro cinco seis siete ocho nueve', nl='nul een twee drie vier vijf zes zeven acht negen', pt='zero um dois três quatro cinco seis sete oito nove')
POINTS = dict(en=('at', 'dot'), de=('at', 'punkt'), fr=('arobase', 'point'), es=('arroba', 'punto'), nl=('apenstaartje', 'punt'), pt=('arroba', 'ponto'))
CYRILLIC, GREEK = str.maketrans('aeopcxyiABEKMHOPCTX', 'аеорсхуіАВЕКМНОРСТХ'), str.maketrans('oABEHIKMNOPTYXZ', 'οΑΒΕΗΙΚΜΝΟΡΤΥΧΖ')


def steuer(r):
    "A German tax number with its check digit"
    while True:
        d = [r.randrange(1, 10)] + [r.randrange(10) for _ in range(9)]
        if max(map(d.count, d)) in (2, 3): break
    rest = 10
    for x in d: rest = ((rest + x) % 10 or 10) * 2 % 11
    return ''.join(map(str, d)) + str((11 - rest) % 10)


def letters(r, alphabet, n): return ''.join(r.choice(alphabet) for _ in range(n))


def own(r):
    digits, hexa = '0123456789', '0123456789ABCDEF'
    return r.choice([lambda: r.choice('EGH') + 'M-' + letters(r, digits, 7), lambda: f'TW{letters(r, digits, 2)}-{letters(r, digits, 6)}',
                     lambda: 'P-' + letters(r, digits, 2) + letters(r, digits + 'ABCDEFGHJKLMNPQRSTUVWXYZ', 6), lambda: f'HUB-{letters(r, hexa, 4)}-{letters(r, hexa, 4)}'])()


def value(kind, where, fakes, r):
    fake = fakes(r.choice(LOCALES.get(where, [where])) if '_' in where or where in LOCALES else 'en_GB')
    def grouped(v): return ' '.join(v[i:i + 4] for i in range(0, len(v), 4)) if r.random() < .5 else v
    return dict(email=lambda: r.choice([fake.email, fake.ascii_company_email, fake.ascii_free_email])(), phone=fake.phone_number, card=lambda: grouped(fake.credit_card_number()),
                iban=lambda: grouped(fakes(r.choice(['en_GB', 'de_DE', 'fr_FR', 'es_ES', 'nl_NL', 'pt_PT', 'de_AT'])).iban()),
                national_id=lambda: steuer(r) if where == 'steuer' else letters(r, 'ABCEHJLMPRSWXY', 2) + letters(r, '0123456789', 6) + r.choice('ABCD') if where == 'nino'
                else fake.nif() if where == 'es_ES' else fake.vat_id()[2:] if where == 'pt_PT' else fake.ssn(),
                ip=lambda: fake.ipv4() if r.random() < .8 else fake.ipv6(), mac=fake.mac_address, own=lambda: own(r))[kind]()


def some(v, r, change, share=.4):
    places = [i for i, c in enumerate(v) if change(c) != c]
    picked = {i for i in places if r.random() < share} or set(places[:1])
    return ''.join(change(c) if i in picked else c for i, c in enumerate(v)) if places else None


def put(v, r, what, n):
    for _ in range(n):
        i = r.randrange(1, len(v))
        v = v[:i] + what + v[i:]
    return v


def regrouped(v, r, between):
    bare, out = re.sub(r'[ .()-]', '', v), []
    while bare: out, bare = (lambda n: (out + [bare[:n]], bare[n:]))(r.choice([2, 3, 4]))
    return between.join(out)


def in_words(v, kind, language, r):
    if kind in ('phone', 'card') or kind == 'national_id' and re.fullmatch(r'[\d -]+', v): return ' '.join(WORDS[language].split()[int(c)] for c in re.sub(r'\D', '', v))


def at_dot(v, kind, language, r):
    if kind != 'email': return None
    if r.random() < .5: return v.replace('@', f' {POINTS[language][0]} ').replace('.', f' {POINTS[language][1]} ')
    return v.replace('@', r.choice(['(at)', '[at]', ' (at) '])).replace('.', r.choice(['(dot)', '[dot]', '[.]', ' dot ']))


def in_brackets(v, kind, language, r):
    bare = re.sub(r'[ ()-]', '', v)
    return f'({v})' if r.random() < .5 or kind not in ('phone', 'card') else f'({bare[:3]}){bare[3:7]}({bare[7:]})'


NUMBERS, LETTERED = ('phone', 'card', 'iban', 'national_id'), ('email', 'iban', 'national_id', 'ip', 'mac', 'own')
DISGUISES = {
    'plain': lambda v, k, l, r: v,
    'full width': lambda v, k, l, r: ''.join(chr(ord(c) + 0xfee0) if '!' <= c <= '~' else c for c in v),
    'zero width inside': lambda v, k, l, r: put(v, r, r.choice('\u200b\u200c\u200d\u2060\ufeff'), 3),
    'soft hyphens inside': lambda v, k, l, r: put(v, r, '\xad', 2),
    'spaced out': lambda v, k, l, r: ' '.join(re.sub(r'\s', '', v)),
    'dots between': lambda v, k, l, r: regrouped(v, r, '.') if k in NUMBERS[:3] else None,
    'dashes between': lambda v, k, l, r: regrouped(v, r, '-') if k in NUMBERS[:3] else None,
    'line break inside': lambda v, k, l, r: put(v, r, '\n', 1),
    'at and dot as words': at_dot, 'digits as words': in_words,
    'homoglyphs': lambda v, k, l, r: some(v, r, lambda c: c.translate(r.choice([CYRILLIC, GREEK]))) if k in LETTERED else None,
    'HTML entities': lambda v, k, l, r: some(v, r, lambda c: c if c == ' ' else r.choice([f'&#{ord(c)};', f'&#x{ord(c):x};']), .3),
    'percent encoding': lambda v, k, l, r: some(v, r, lambda c: c if c == ' ' else f'%{ord(c):02X}', .3),
    'O for 0, l for 1': lambda v, k, l, r: some(v, r, lambda c: {'0': r.choice('Oo'), '1': r.choice('lI')}.get(c, c), .7) if k in NUMBERS else None,
    'in brackets': in_brackets,
    'mixed case': lambda v, k, l, r: some(v, r, str.swapcase, .5) if k in LETTERED else None}


def planted(kind, disguise, fakes, n=60):
    "(text, start, end, language) of `n` identifiers in sentences"
    r = random.Random(f'{kind} {disguise} bench')
    for _ in range(n * 6):
        where, frame = r.choice(FRAMES[kind].split('|')).split(' ', 1)
        language = where[:2] if where[:2] in LOCALES else dict(steuer='de').get(where, 'en')
        v = value(kind, where, fakes, r)
        written = DISGUISES[disguise](v.split('x')[0].strip() if kind == 'phone' and disguise != 'plain' else v, kind, language, r)
        if written is None: continue
        start = frame.index('{}')
        yield frame.replace('{}', written), start, start + len(written), language
        n -= 1
        if not n: return


def covered(spans, start, end): return sum(max(0, min(end, s.end) - max(start, s.start)) for s in spans) / (end - start)


def structured(bad):
    from faker import Faker
    made = {}
    def fakes(locale):
        if locale not in made:
            made[locale] = Faker(locale)
            made[locale].seed_instance(2026)
        return made[locale]
    rows, total, disguised = [], Counter(), Counter()
    for name in DISGUISES:
        cells = []
        for kind in FRAMES:
            right = [covered([s for s in identifiers.find(t, OWN, l) if s.kind in (OWN if kind == 'own' else [kind])], a, b) >= .8 for t, a, b, l in planted(kind, name, fakes)]
            cells.append(f'{sum(right) / len(right):.2f}' if len(right) > 30 else '–')
            if len(right) > 30: total[name] += len(right); disguised[name] += sum(right)
        rows.append((name, *cells, f'{disguised[name] / total[name]:.3f}'))
        if disguised[name] / total[name] < (BARS['plain'] if name == 'plain' else BARS['disguised']): bad.append(f'{name}: {disguised[name] / total[name]:.3f}')
    print('(a) identifiers found, 60 of each kind (at least .8 of the characters, right kind)')
    table(rows, 'written', *FRAMES, 'all')
    others = [n for n in DISGUISES if n != 'plain']
    print(f'all disguises: {sum(disguised[n] for n in others) / sum(total[n] for n in others):.3f} of {sum(total[n] for n in others)}')


def clean(bad, packs):
    "False alarms on 1,000 tokens that hold nothing"
    hard = (Path(__file__).with_name('pii_clean.txt')).read_text().splitlines()
    away = [r['text'] for p in packs for r in p.rows('utterances.csv') if r['intent'] == 'out_of_scope']
    rows, whole = [], people.detector(OWN)
    for what, texts in (('numbers of all sorts, by hand', hard), ("packs' out-of-scope messages", away)):
        tokens = sum(len(re.findall(r'\w+|[^\w\s]', t)) for t in texts)
        alarms = [1000 * sum(len(find(t)) for t in texts) / tokens for find in (lambda t: identifiers.find(t, OWN), lambda t: [s for s in whole(t) if s.kind != 'date'])]
        rows.append((what, tokens, *(f'{a:.2f}' for a in alarms)))
        if alarms[0] > BARS['alarms']: bad.append(f'{what}: {alarms[0]:.2f} false alarms')
    print('\nfalse alarms on 1,000 tokens (dates are not counted)')
    table(rows, 'clean text', 'tokens', 'identifiers', 'whole detector')


def merged(text, spans):
    out = []
    for kind, a, b in sorted(spans, key=lambda s: s[1]):
        if out and out[-1][0] == kind and re.fullmatch(r'[\s,.\-]*', text[out[-1][2]:a]): out[-1][2] = max(b, out[-1][2])
        else: out.append([kind, a, b])
    return out


def scored(rows, find, groups):
    "Spans and tokens: found of the gold, right of the found, by group"
    n = {name: Counter() for name in ('gold', 'hit', 'made', 'good', 'gold tokens', 'both tokens', 'made tokens')}
    for row in rows:
        text = row['text']
        gold = merged(text, [(people.label_map.get(s[0].lower(), s[0].lower()), s[1], s[2]) for s in row['spans']])
        made = [m for m in merged(text, [(people.label_map.get(s.kind, s.kind), s.start, s.end) for s in find(text)]) if m[0] in groups]
        for a, b, all_of, right in ((gold, made, 'gold', 'hit'), (made, gold, 'made', 'good')):
            for kind, start, end in a:
                n[all_of][kind] += 1
                n[right][kind] += 2 * sum(max(0, min(end, e) - max(start, s)) for k, s, e in b if k == kind) >= end - start
        for m in re.finditer(r'\w+', text):
            g, d = (next((k for k, s, e in spans if s < m.end() and m.start() < e), None) for spans in (gold, made))
            n['gold tokens'][g] += bool(g)
            n['made tokens'][d] += bool(d)
            n['both tokens'][g] += bool(g) and g == d
    return n


def f2(p, r): return 5 * p * r / (4 * p + r) if p + r else 0


def measures(n, group=None, gold='gold', hit='hit', made='made', good='good'):
    def count(name): return n[name][group] if group else sum(n[name].values())
    r, p = count(hit) / max(1, count(gold)), count(good) / max(1, count(made))
    return p, r, f2(p, r)


def shown(what, n, groups):
    rows = [('all, spans', sum(n['gold'].values()), *measures(n)), ('all, tokens', sum(n['gold tokens'].values()), *measures(n, None, 'gold tokens', 'both tokens', 'made tokens', 'both tokens'))]
    rows += [(g, n['gold'][g], *measures(n, g)) for g in groups if n['gold'][g]]
    table([(name, count, *(f'{x:.3f}' for x in numbers)) for name, count, *numbers in rows], what, 'gold', 'precision', 'recall', 'F2')


def texts_a_second(find, texts):
    began = time.perf_counter()
    for t in texts: find(t)
    return len(texts) / (time.perf_counter() - began)


PEER = """import json, sys
sys.path[:0] = [sys.argv[1], sys.argv[1] + '/bench']
from pii import people, texts_a_second
find, texts = people.detector(backend='presidio'), json.load(sys.stdin)
for t in texts[:50]: find(t)
print(json.dumps([texts_a_second(find, texts), [find(t) for t in texts] if len(sys.argv) > 2 else 0]))"""


def presidio(texts, *spans):
    "(texts a second, spans of each text) by Presidio in a process of its own, or None where it is absent"
    python = os.environ.get('PLAYBOOK_PEER', sys.executable)
    done = subprocess.run([python, '-c', PEER, str(ROOT), *spans], input=json.dumps(texts), capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1]) if not done.returncode else print('no Presidio in', python, done.stderr.strip().splitlines()[-1:])


def generated(bad, folder, dev):
    "presidio_generated: development saw a third of its templates (and the five with which the small file begins)"
    large, small = ([json.loads(line) for line in (folder / 'presidio_generated' / f'generated_{size}.jsonl').open()] for size in ('large', 'small'))
    every = sorted({row['template'] for row in large})
    looked_at = {*random.Random(0).sample(every, len(every) // 3), *(row['template'] for row in small[:5])}
    rows = [row for row in large if (row['template'] in looked_at) == dev]
    groups = sorted({people.label_map.get(s[0].lower(), s[0].lower()) for row in large for s in row['spans']})
    n = scored(rows, people.detector(), groups)
    print(f'\n(b) presidio_generated, {len(rows)} sentences of {len({r["template"] for r in rows})} templates {"looked at" if dev else "not looked at"}; published for a sister set: '
          'Presidio as shipped F2 .62, tuned .845')
    shown('presidio_generated', n, groups)
    if peer := presidio([row['text'] for row in rows], 'spans'):
        theirs = {row['text']: [people.Span(*s) for s in spans] for row, spans in zip(rows, peer[1])}
        p, r, f = measures(scored(rows, theirs.get, groups))
        print(f'Presidio without a language model, on the same sentences: precision {p:.3f}, recall {r:.3f}, F2 {f:.3f}')
    p, r, f = measures(n)
    if f < BARS['f2'] or p < BARS['precision']: bad.append(f'presidio_generated: F2 {f:.3f}, precision {p:.3f}')


def turns(pack):
    gold = {}
    for line in (pack.folder / 'gold' / 'pii.jsonl').open():
        row = json.loads(line)
        gold[row['id'], row['turn']] = row['spans']
    return [dict(text=t['text'], spans=gold.get((c['id'], i), [])) for c in pack.rows('conversations.jsonl') for i, t in enumerate(c['turns'])]


def on_packs(packs):
    "The packs' gold: what their own articles and questions say is known to the second detector"
    kinds, rows = ('person', 'place', 'organisation', 'card', 'phone', 'email', 'iban', 'ip', 'username'), []
    for pack in packs:
        ids, said = pack.get('privacy/ids') or {}, turns(pack)
        texts = [a['text'] for a in pack.articles()] + [q['question'] for q in pack.rows('faq.csv')]
        for known in ((), texts):
            n = scored(said, people.detector(ids, pack.get('languages'), known=known), (*kinds, *ids))
            rows.append((pack.name + (', articles known' if known else ''), sum(n['gold'].values()), *(f'{x:.3f}' for x in measures(n)),
                         *(f'{measures(n, g)[0]:.2f} {measures(n, g)[1]:.2f}' for g in ('person', 'place', 'organisation'))))
    print('\n(c) gold of the packs (chat in six languages; towns and firms that are nobody\'s count as false); precision and recall by group')
    table(rows, 'pack', 'gold', 'precision', 'recall', 'F2', 'person', 'place', 'organisation')


def speed(bad, packs, folder):
    "On messages that none of the two has seen in this process, in turns, three times"
    said = [t['text'] for p in packs for t in turns(p)]
    random.Random(0).shuffle(said)
    sets = {'chat': said[6000:]}
    if folder: sets['presidio_generated'] = [json.loads(line)['text'] for line in (folder / 'presidio_generated' / 'generated_large.jsonl').open()]
    whole, rows = people.detector(), []
    for t in said[:6000]: whole(t)
    for name, texts in sets.items():
        cuts, found = [texts[i::3] for i in range(3)], {'identifiers': [], 'whole': [], 'presidio': []}
        for cut in cuts:
            found['identifiers'].append(texts_a_second(identifiers.find, cut))
            found['whole'].append(texts_a_second(whole, cut))
            if not (peer := presidio(cut)): return
            found['presidio'].append(peer[0])
        a, b, c = (median(found[k]) for k in ('identifiers', 'whole', 'presidio'))
        rows.append((name, f'{a:,.0f}', f'{b:,.0f}', f'{c:,.0f}', f'{a / c:.1f}', f'{b / c:.1f}'))
        bad += [f'{name}: {what} {ratio:.1f} times Presidio' for what, ratio in (('structured', a / c), ('whole', b / c)) if ratio < BARS[what]]
    print("\n(d) texts a second; Presidio's pattern recognisers on a blank spaCy pipeline")
    table(rows, 'texts', 'identifiers', 'whole detector', 'Presidio', 'ratio identifiers', 'ratio whole')


def main():
    machine('numpy', 'faker')
    bad, packs = [], [Pack(ROOT / 'data_samples' / name) for name in PACKS]
    folder = Path(os.environ['PLAYBOOK_BENCH_DATA']) if 'PLAYBOOK_BENCH_DATA' in os.environ else None
    if 'dev' in sys.argv: return generated(bad, folder, True)
    structured(bad)
    clean(bad, packs)
    if folder: generated(bad, folder, False)
    else: print('\n(b) PLAYBOOK_BENCH_DATA is not set: name the folder that holds presidio_generated (github.com/microsoft/presidio-research)')
    on_packs(packs)
    speed(bad, packs, folder)
    print('\nbars: plain ≥ .99, each disguise ≥ .95, alarms ≤ 1, F2 ≥ .85, precision ≥ .90, 20 and 4 times Presidio.', *(bad or ['All met.']), sep='\n')
    sys.exit(bool(bad))


if __name__ == '__main__': main()
