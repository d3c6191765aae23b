"""The words that demo data are made of: names, places and trades of fifteen countries in eight scripts. All are invented or common."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Culture:
    """How people and companies of one country are called.

    Each entry of `first`, `last` and `trades` is (native form, its ASCII form for addresses); `cities` are (name, postal code).
    `joined` tells that the script writes without spaces.
    """

    country: str
    first: tuple[tuple[str, str], ...]
    last: tuple[tuple[str, str], ...]
    trades: tuple[tuple[str, str], ...]
    cities: tuple[tuple[str, str], ...]
    streets: tuple[str, ...]
    legal_forms: tuple[str, ...]
    joined: bool = False


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Read `native=ascii` pairs; a word without `=` is its own ASCII form."""
    return tuple((native, ascii_form or native.lower()) for native, _, ascii_form in (entry.partition("=") for entry in text.split("|")))


def _culture(  # noqa: PLR0917 - one line a word list reads best
    country: str, first: str, last: str, trades: str, cities: str, streets: str, forms: str, *, joined: bool = False
) -> Culture:
    words = (_pairs(first), _pairs(last), _pairs(trades), _pairs(cities))
    return Culture(country, *words, tuple(streets.split("|")), tuple(forms.split("|")), joined)


CULTURES = (
    _culture(
        "DE",
        "Anna|Jürgen=juergen|Friederike|Tobias|Käthe=kaethe|Matthias|Zoë=zoe|Björn=bjoern",
        "Krämer=kraemer|Weiß=weiss|Orth|von Ahlefeldt=ahlefeldt|Jessen|Göbel=goebel|Müller-Lüdenscheidt=mueller|Stadler",
        "Antriebe|Werft|Verlag|Gerätebau=geraetebau|Logistik|Pharma|Meßtechnik=messtechnik|Möbel=moebel",
        "Berlin=10115|Köln=50667|Lübeck=23552|Würzburg=97070",
        "Lindenstraße|Am Speicher|Schlossallee|Große Bleichen",
        "{} GmbH|{} AG|{} GmbH & Co. KG",
    ),
    _culture(
        "PL",
        "Małgorzata=malgorzata|Łukasz=lukasz|Zofia|Wojciech|Grażyna=grazyna|Michał=michal|Agnieszka",
        "Wójcik=wojcik|Dąbrowska=dabrowska|Zając=zajac|Kaźmierczak=kazmierczak|Nowak|Święcicki=swiecicki",
        "Wydawnictwo|Stocznia|Młyn=mlyn|Oświetlenie=oswietlenie|Żegluga=zegluga|Meble",
        "Kraków=31-002|Łódź=90-001|Gdańsk=80-001|Wrocław=50-001",
        "ul. Świętojańska|ul. Długa|al. Róż|ul. Słoneczna",
        "{} sp. z o.o.|{} S.A.",
    ),
    _culture(
        "FR",
        "Margaux|Céline=celine|François=francois|Maël=mael|Noémie=noemie|Aurélien=aurelien",
        "Delattre|Lefèvre=lefevre|Aebischer|Desrosières=desrosieres|Bœuf=boeuf|Hénaff=henaff",
        "Éditions=editions|Énergie=energie|Tourisme|Céramique=ceramique|Optique|Vignobles",
        "Orsay=91400|Besançon=25000|Nîmes=30000|Saint-Étienne=42000",
        "rue de l’Abbé|quai Voltaire|avenue des Érables|place Bellecour",
        "{} SARL|{} S.A.S.|Société {} & Fils",
    ),
    _culture(
        "ES",
        "Álvaro=alvaro|Nuria|Íñigo=inigo|Begoña=begona|Martín=martin|Lucía=lucia",
        "Quintana|Beltrán=beltran|Muñoz=munoz|Ibáñez=ibanez|Peña=pena|Echeverría=echeverria",
        "Turismo|Navegación=navegacion|Diseño=diseno|Señalización=senalizacion|Cerámica=ceramica|Aceites",
        "Cádiz=11001|A Coruña=15001|León=24001|Málaga=29001",
        "calle Mayor|paseo del Río|avenida de la Constitución|plaza España",
        "{} S.L.|{} S.A.",
    ),
    _culture(
        "SE",
        "Sigrid|Håkon=hakon|Åsa=asa|Göran=goran|Linnéa=linnea|Sören=soren",
        "Sælen=saelen|Lindström=lindstrom|Åkesson=akesson|Öberg=oberg|Myhre|Bergqvist",
        "Offshore|Skogsvård=skogsvard|Förlag=forlag|Mätteknik=matteknik|Båtvarv=batvarv|Energi",
        "Göteborg=411 03|Malmö=211 20|Umeå=903 26|Örebro=702 10",
        "Storgatan|Ängsvägen|Södra Hamngatan|Åsgränd",
        "{} AB|AB {}",
    ),
    _culture(
        "CZ",
        "Tomáš=tomas|Jiří=jiri|Věra=vera|Kateřina=katerina|Ondřej=ondrej|Šárka=sarka",
        "Dvořák=dvorak|Černá=cerna|Procházka=prochazka|Růžičková=ruzickova|Kříž=kriz|Němec=nemec",
        "Strojírna=strojirna|Sklárna=sklarna|Pivovar|Překlady=preklady|Tiskárna=tiskarna|Lékárny=lekarny",
        "Plzeň=301 00|Brno=602 00|České Budějovice=370 01|Ústí nad Labem=400 01",
        "Dlouhá|Křižíkova|Na Příkopě|Žižkova",
        "{} s.r.o.|{} a.s.",
    ),
    _culture(
        "TR",
        "Ayşe=ayse|İbrahim=ibrahim|Gül=gul|Çağla=cagla|Oğuz=oguz|Şirin=sirin",
        "Yılmaz=yilmaz|Öztürk=ozturk|Işık=isik|Güneş=gunes|Çelik=celik|Doğan=dogan",
        "Tekstil|Lojistik|Yayıncılık=yayincilik|İnşaat=insaat|Gıda=gida|Çevre=cevre",
        "İzmir=35210|Eskişehir=26010|Muğla=48000|Diyarbakır=21070",
        "Atatürk Caddesi|Çınar Sokak|İnönü Bulvarı",
        "{} A.Ş.|{} Ltd. Şti.",
    ),
    _culture(
        "VN",
        "Nguyên=nguyen|Thảo=thao|Dũng=dung|Hương=huong|Quỳnh=quynh|Đạt=dat",
        "Trần=tran|Phạm=pham|Đặng=dang|Bùi=bui|Võ=vo|Hoàng=hoang",
        "Vận Tải=vantai|Xuất Bản=xuatban|Thủy Sản=thuysan|Dược Phẩm=duocpham|Cơ Khí=cokhi",
        "Hà Nội=100000|Đà Nẵng=550000|Cần Thơ=900000",
        "Phố Huế|Đường Lê Lợi|Nguyễn Trãi",
        "Công ty TNHH {}|Công ty Cổ phần {}",
    ),
    _culture(
        "BG",
        "Иван=ivan|Радка=radka|Георги=georgi|Цветана=tsvetana|Димитър=dimitar|Юлия=yulia",
        "Петров=petrov|Костова=kostova|Желязков=zhelyazkov|Щерева=shtereva|Ангелов=angelov|Найденова=naydenova",
        "Транспорт=transport|Издателство=izdatelstvo|Фарма=farma|Строеж=stroezh|Текстил=tekstil|Енергия=energia",
        "София=1000|Пловдив=4000|Варна=9000|Бургас=8000",
        "ул. Шипка|бул. Витоша|ул. Цар Симеон",
        "„{}“ ООД|„{}“ ЕАД",
    ),
    _culture(
        "UA",
        "Олена=olena|Тарас=taras|Ірина=iryna|Богдан=bohdan|Соломія=solomiia|Євген=yevhen",
        "Шевчук=shevchuk|Ковальчук=kovalchuk|Гриценко=hrytsenko|Яременко=yaremenko|Лисенко=lysenko",
        "Видавництво=vydavnytstvo|Логістика=lohistyka|Будівля=budivlia|Насіння=nasinnia|Верф=verf",
        "Київ=01001|Львів=79000|Чернівці=58000|Запоріжжя=69000",
        "вул. Лесі Українки|просп. Свободи|вул. Городоцька",
        "ТОВ «{}»|ПрАТ «{}»",
    ),
    _culture(
        "GR",
        "Ελένη=eleni|Γιώργος=giorgos|Αναστασία=anastasia|Νίκος=nikos|Χριστίνα=christina|Θανάσης=thanasis",
        "Παπαδόπουλος=papadopoulos|Αντωνίου=antoniou|Καραμανλή=karamanli|Ξενάκης=xenakis|Ψαρρού=psarrou|Μαύρος=mavros",
        "Ναυτιλία=naftilia|Εκδόσεις=ekdoseis|Τουρισμός=tourismos|Φάρμακα=farmaka|Ενέργεια=energeia|Ελαιώνες=elaiones",
        "Αθήνα=105 57|Θεσσαλονίκη=546 24|Πάτρα=262 21|Ηράκλειο=712 02",
        "Ερμού|Λεωφόρος Βασιλίσσης Σοφίας|Αγίου Δημητρίου",
        "{} Α.Ε.|{} Ε.Π.Ε.",
    ),
    _culture(
        "EG",
        "أحمد=ahmed|ليلى=layla|يوسف=youssef|مريم=maryam|خالد=khaled|نورة=noura",
        "المصري=elmasry|حداد=haddad|الخوري=elkhoury|منصور=mansour|الشريف=elsherif|سليمان=soliman",
        "للنقل=transport|للنشر=publishing|للأدوية=pharma|للسياحة=tourism|للهندسة=engineering|للطاقة=energy",
        "القاهرة=11511|الإسكندرية=21500|الجيزة=12511|أسوان=81511",
        "شارع التحرير|شارع النيل|طريق الكورنيش",
        "شركة {} ذ.م.م.|مجموعة {} (ش.م.م.)",
    ),
    _culture(
        "JP",
        "花子=hanako|太郎=taro|結衣=yui|蓮=ren|美咲=misaki|大輔=daisuke",
        "佐藤=sato|鈴木=suzuki|髙橋=takahashi|渡邊=watanabe|伊藤=ito|山本=yamamoto",
        "出版=shuppan|運輸=unyu|製薬=seiyaku|精密=seimitsu|電機=denki|印刷=insatsu",
        "東京=100-0005|大阪=530-0001|札幌=060-0001|福岡=810-0001",
        "丸の内一丁目|梅田二丁目|大通西",
        "株式会社{}|{}合同会社",
        joined=True,
    ),
    _culture(
        "KR",
        "민준=minjun|서연=seoyeon|지훈=jihoon|수빈=subin|하은=haeun|도윤=doyoon",
        "김=kim|이=lee|박=park|최=choi|정=jung|황보=hwangbo",
        "출판=chulpan|물류=mullyu|제약=jeyak|정밀=jeongmil|전자=jeonja|관광=gwangwang",
        "서울=04524|부산=48058|대구=41911|제주=63122",
        "세종대로|해운대로|중앙로",
        "주식회사 {}|{} 유한회사",
        joined=True,
    ),
    _culture(
        "IN",
        "प्रिया=priya|अर्जुन=arjun|लक्ष्मी=lakshmi|विक्रम=vikram|अनीता=anita",
        "शर्मा=sharma|गुप्ता=gupta|सिंह=singh|मेहरा=mehra|अय्यर=iyer",
        "प्रकाशन=prakashan|परिवहन=parivahan|औषधि=aushadhi|वस्त्र=vastra|ऊर्जा=urja",
        "दिल्ली=110001|मुंबई=400001|जयपुर=302001",
        "महात्मा गांधी मार्ग|अशोक पथ|स्टेशन रोड",
        "{} प्राइवेट लिमिटेड|{} एंड संस",
    ),
)

# Legal names that break what is careless: markup, quotes, entities, a template's own language, direction marks.
AWKWARD_LEGAL_NAMES = (
    "Acme & Sons “GmbH” <b>",
    "Hartmann & Voss {{ Rechtsanwälte }}",
    "O’Neill, D’Arcy & Co. (50 %)",
    "شركة Lumen للتقنية (Lumen Diagnostics)",
    "Ærø & Ålesund Fœderation – “Nº 7”",
)
