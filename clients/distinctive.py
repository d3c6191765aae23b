"""The words by which a name tells its owner from others: without legal forms, without words that any company bears, spelled one way."""

import re
from functools import lru_cache

from clientdesk.words import search_key
from clients.mailboxes import listed

# Legal forms as words without dots; several words stand for one form that is written apart. From the longest to the shortest.
_FORMS = """
gesellschaft mit beschrankter haftung|sp z o o|sp z oo|sp zoo|s r o|spol s r o|s a r l|s a s|s r l|s p a|s l u|s a u|g m b h|e v|a s|a g
s a|s l|b v|n v|l l c|l t d|l l p|p l c|i n c|k f t|z r t|d o o|d d|a d|e u r l|s c s|k g|o h g|u g|e k|g b r|p t y|p t e|s n c|s c a
gmbh|mbh|ggmbh|ag|kg|kgaa|ohg|ug|gbr|ev|eg|ek|se|haftungsbeschrankt|partg|partgmbb|ltd|limited|llc|llp|lp|plc|inc|incorporated|corp
corporation|co|sa|sarl|sas|sasu|eurl|snc|scs|sca|sci|srl|srls|spa|sl|slu|slne|sau|bv|nv|vof|cv|bvba|oy|oyj|ab|hb|aps|as|asa|ans|ks|ivs|sro
spol|zoo|spzoo|kft|zrt|nyrt|bt|lda|ltda|unipessoal|doo|dooel|dd|ad|eood|ood|ead|sia|uab|ou|oue|pty|pte|pvt|pt|tbk|bhd|sdn|kk|yk|gk|jsc
ooo|zao|oao|pao|ao|ip|tov|at|ae|epe|ike|as|ansvarlig|hf|ehf|gie|asbl|vzw|stiftung|verein|registered|tmi|ky|kommanditgesellschaft
aktiengesellschaft|aktiebolag|osakeyhtio|anpartsselskab|aktieselskab|sociedad anonima|sociedad limitada|societe anonyme
societa a responsabilita limitata
de cv|c v|α ε|ε π ε|fzco|fze|fz|dmcc|wll|esq|mbb|co kg
"""
FORMS = frozenset(tuple(form.split()) for form in re.split(r"[|\n]", _FORMS.strip()) if form)
_LONGEST_FORM = max(map(len, FORMS))
# Beside the name without a space between, as Japanese, Chinese and Korean write them.
_ATTACHED = re.compile("株式会社|有限会社|合同会社|股份有限公司|有限责任公司|有限公司|주식회사|㈱|㈲|شركة")
_FORMS_ELSEWHERE = listed("ооо зао оао пао ао ип тов αε επε ικε οε")

# Words that any company may bear: no reason to think that two are one, nor that they are two.
GENERIC = listed("""
    group gruppe gruppen groupe grupo gruppo grupp koncern concern holding holdings beteiligung beteiligungs beteiligungen
    international internationale internacional internazionale intl worldwide service services servizi servicios dienste company
    companies firma unternehmen unternehmensgruppe compagnie compania societa societe the a an and und et y e i og och ja en of
    for fur pour para per vom zu zum zur der die das des dem den de del della dello dei di da do dos du la le les los las el il lo
    aan bei in im am at by with mit avec con sons associates partner partners partnership gesellschaft gesellschaften
""")
# Words of a trade: many bear them, so alone they prove nothing, but they tell two apart.
TRADES = listed("""
    bank banca banco banque sparkasse versicherung versicherungen insurance hotel hotels restaurant cafe consulting consultants
    beratung solutions systems system technology technologies technik tech media medien design designs software digital data it
    trading trade handel transport transports logistics logistik spedition engineering pharma medical medizintechnik energy
    energie verlag bau haus center centre zentrum studio studios industry industries industrie global europe european nordic
    management marketing immobilien properties real estate travel reisen tours foods food lebensmittel auto automotive university
    universitat klinik clinic hospital apotheke pharmacy kanzlei law legal rechtsanwalte steuerberater translation translations
    ubersetzungen security capital invest investment finance financial finanz research institute institut academy akademie school
    schule shop store markt maschinenbau elektro elektrotechnik metall stahl steel chemie chemicals paper papier print druck
    printing communications kommunikation telecom network networks labs lab works werke werk club association verband federation
    foundation council agency agentur office buro new neue first general national united
""")
# Countries and large towns, in several languages: two parts of one company often differ in nothing else, two companies often agree in it.
PLACES = listed("""
    germany deutschland deutsche deutscher allemagne alemania austria osterreich osterreichische autriche switzerland schweiz
    schweizer suisse svizzera swiss france frankreich francaise francia spain spanien espana italy italien italia italiana
    portugal poland polen polska netherlands niederlande nederland holland dutch belgium belgien belgie belgique luxembourg
    luxemburg denmark danmark danemark sweden schweden sverige norway norwegen norge finland finnland suomi iceland island ireland
    irland eire uk england scotland wales britain british great greece griechenland hellas hungary ungarn magyar magyarorszag
    czech czechia tschechien ceska cesko slovakia slowakei slovensko slovenia slowenien slovenija croatia kroatien hrvatska serbia
    serbien srbija romania rumanien romana bulgaria bulgarien ukraine russia russland turkey turkei turkiye estonia estland eesti
    latvia lettland latvija lithuania litauen lietuva usa us america amerika american canada kanada mexico mexiko brazil brasil
    brasilien argentina argentinien chile peru colombia australia australien australian zealand china chinese japan nippon korea
    india indien indian singapore singapur malaysia thailand vietnam indonesia israel egypt agypten dubai uae africa afrika europe
    europa european asia asien pacific emea apac dach benelux north south east west nord sud ost central berlin hamburg munchen
    munich muenchen koln cologne frankfurt stuttgart dusseldorf leipzig dresden hannover bremen nurnberg bonn essen dortmund
    mannheim karlsruhe augsburg wien vienna graz linz salzburg innsbruck zurich zuerich genf geneve geneva basel bern lausanne
    london manchester birmingham leeds glasgow edinburgh dublin paris lyon marseille toulouse lille bordeaux nantes strasbourg
    madrid barcelona valencia sevilla bilbao lisboa lisbon porto roma rome milano milan torino napoli bologna firenze venezia
    amsterdam rotterdam utrecht eindhoven antwerpen brussels bruxelles brussel gent copenhagen kobenhavn aarhus arhus oslo bergen
    stockholm goteborg gothenburg malmo helsinki tampere turku reykjavik warszawa warsaw krakow wroclaw gdansk poznan praha prague
    brno bratislava budapest ljubljana zagreb beograd bucuresti sofia athens athen istanbul ankara kyiv kiev moscow tokyo osaka
    seoul beijing shanghai shenzhen hongkong york boston chicago houston dallas seattle angeles francisco toronto montreal
    vancouver sydney melbourne auckland mumbai delhi
""")

# Letters that no decomposition makes plain, then the second spelling of umlauts: Müller and Mueller are one, and so are Ås and Aas.
_PLAIN = str.maketrans(
    {"ø": "o", "æ": "a", "œ": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "’": "", "'": "", "`": "", "´": ""}
)
_ODD = re.compile(f"[{''.join(map(chr, _PLAIN))}]").search
_SPELLED = re.compile("ae|oe|ue|aa")
_APART = re.compile(r"[^\w]+|_+")
_MARKS = re.compile(r"\((?:haftungsbeschr[^)]*|r|tm|c)\)", re.IGNORECASE)
MOST_WORDS = 12


def plain(text: str) -> str:
    """Return `text` casefolded, without accents, with one spelling of umlauts: the form in which words of names are compared."""
    key = search_key(text)
    return _SPELLED.sub(lambda found: found[0][0], key.translate(_PLAIN) if _ODD(key) else key)


def _spelled(words: frozenset[str]) -> frozenset[str]:
    return frozenset(map(plain, words))


_GENERIC, _TRADES, _PLACES = _spelled(GENERIC), _spelled(TRADES), _spelled(PLACES)
_FORM_WORDS = frozenset(tuple(map(plain, form)) for form in FORMS)
_FORM_BEGINNINGS = _FORMS_ELSEWHERE | {form[0] for form in _FORM_WORDS}


@lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """Return the distinctive words of `name` in its order, each once, at most twelve.

    A name that holds nothing else keeps its generic words, and one that is only a legal form keeps that.
    """
    if "(" in name:
        name = _MARKS.sub(" ", name)
    if not name.isascii():
        name = _ATTACHED.sub(" ", name)
    words = _APART.sub(" ", plain(name)).split()[:40]
    bare = words if _FORM_BEGINNINGS.isdisjoint(words) else _without_forms(words)
    told = [word for word in bare if word not in _GENERIC] or bare or words
    return tuple(dict.fromkeys(told))[:MOST_WORDS]


def _without_forms(words: list[str]) -> list[str]:
    kept: list[str] = []
    place = 0
    while place < len(words):
        length = _form_at(words, place)
        if not length:
            kept.append(words[place])
        place += length or 1
    return kept


def _form_at(words: list[str], place: int) -> int:
    """Return how many words from `place` on are a legal form; letters that open a name are initials, not a form."""
    if words[place] not in _FORM_BEGINNINGS:
        return 0
    for length in range(min(_LONGEST_FORM, len(words) - place), 0, -1):
        found = tuple(words[place : place + length])
        if found in _FORM_WORDS and not (place == 0 and (length > 1 or len(words) == 1)):
            return length
    return 1 if words[place] in _FORMS_ELSEWHERE else 0


def weight(word: str) -> float:
    """Return how much `word` tells of who bears it: 1 for a name, little for a place, nothing like certainty for a trade."""
    if word in _PLACES:
        return 0.2
    if len(word) == 1:
        return 0.2
    if word in _TRADES:
        return 0.5
    return 1.0


def is_place(word: str) -> bool:
    """Say whether `word` is a country or a large town."""
    return word in _PLACES
