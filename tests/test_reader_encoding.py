"""Legacy text: the right code page or a refusal, never mojibake."""

import pytest

from intake.reader.encoding import Undecodable, detect_encoding

SAMPLES = {
    "German": "Name;Ort\nMüller GmbH;Köln\nGrünwald Pharma;Nürnberg\n",
    "French": "Société Générale;Hôtel de Ville;Besançon\nCafé à l'Œuvre;rue de l'Évêché;Orléans\n",
    "Spanish": "Compañía Española;Málaga\nPeña y Asociación;Cádiz\n",
    "Italian": "Società;Città\nPerché no;Forlì\n",
    "Portuguese": "São Paulo Comunicações;Associação\n",
    "Swedish": "Åkerö Säteri;Malmö\nGöteborgs Hamn;Västerås\n",
    "Danish": "Ærø Færgefart;Århus\nKøbenhavns Rådhus;København\n",
    "signs only": "Preis;100 €\nO’Neill;“Best” – Ltd\n",
    "Polish": "Nazwa;Miasto\nŁódzka Spółka;Łódź\nPrzedsiębiorstwo Usługowe;Wrocław\n",
    "Czech": "Název;Město\nPlzeňský Prazdroj;Plzeň\n",
    "Czech among German": "Müller;Köln\nGrünwald;Nürnberg\nDvořák;Plzeň\nŘíha;Děčín\nJiří Šťastný;Třebíč\n",
    "Hungarian": "Győri Keksz;Győr\nFűszer és Gyümölcs;Székesfehérvár\n",
    "Slovene": "Železniška postaja;Šiška\nČevljarstvo;Žalec\n",
    "Romanian": "Societatea Română;Bucureşti\nÎntreprinderea;Iaşi\n",
    "Russian": "Название;Город\nИванов и сыновья;Тверь\n",
    "Greek": "Εταιρεία Αθηνών;Αθήνα\nΠαπαδόπουλος;Θεσσαλονίκη\n",
    "Turkish": "Güneş Işık Şirketi;İstanbul\nÇağdaş Yazılım;Diyarbakır\n",
    "Lithuanian": "Šiaulių įmonė;Šiauliai\nVilniaus žuvėdra;Kėdainiai\n",
    "Russian in capitals": "ООО РОМАШКА;МОСКВА\nЗАО ПРОГРЕСС;САНКТ-ПЕТЕРБУРГ\n",
    "Ukrainian": "ТОВ Київська фабрика;Львів\nПідприємство Зоря;Одеса\n",
    "Bulgarian": "Българска поща;София\nЗлатни пясъци;Варна\n",
    "Hebrew": "שלום עולם טוב;ירושלים\nחברת הייטק;תל אביב\n",
    "Japanese": "名前;町\n山田太郎;東京\nソニー株式会社;大阪\n",
    "Chinese": "公司;城市\n北京科技有限公司;北京\n上海贸易公司;上海\n",
    "Taiwanese": "公司;城市\n台灣積體電路製造;新竹\n鴻海精密工業;新北\n",
    "Korean": "회사;도시\n삼성전자 주식회사;수원\n현대자동차;서울\n",
}
STORED = [
    ("cp1252", ["German", "French", "Spanish", "Italian", "Portuguese", "Swedish", "Danish", "signs only"]),
    ("cp1250", ["Polish", "Czech", "Czech among German", "Hungarian", "Slovene", "Romanian"]),
    ("iso8859_2", ["Polish", "Czech"]),
    ("cp852", ["Polish"]),
    ("mac_roman", ["German", "French", "Swedish"]),
    ("cp850", ["German", "Spanish"]),
    ("cp1251", ["Russian", "Russian in capitals", "Ukrainian", "Bulgarian"]),
    ("koi8_r", ["Russian"]),
    ("cp866", ["Russian"]),
    ("cp1253", ["Greek"]),
    ("cp1255", ["Hebrew"]),
    ("cp1254", ["Turkish"]),
    ("cp1257", ["Lithuanian"]),
    ("cp932", ["Japanese"]),
    ("euc_jp", ["Japanese"]),
    ("gb18030", ["Chinese"]),
    ("cp950", ["Taiwanese"]),
    ("cp949", ["Korean"]),
]


@pytest.mark.parametrize(("codec", "language"), [(codec, language) for codec, languages in STORED for language in languages])
def test_a_code_page_is_told_by_its_letters(tmp_path, codec, language):
    path = tmp_path / "a"
    path.write_bytes(SAMPLES[language].encode(codec))
    assert SAMPLES[language].encode(codec).decode(detect_encoding(path)) == SAMPLES[language]


@pytest.mark.parametrize("language", SAMPLES)
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_never_mistaken(tmp_path, codec, language):
    path = tmp_path / "a"
    path.write_bytes(SAMPLES[language].encode(codec))
    assert path.read_text(detect_encoding(path)).lstrip("\ufeff") == SAMPLES[language]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("Name\nشركة التجارة العالمية\nالقاهرة\n".encode("cp1256"), "encoding"),
        ("Name\nสวัสดีครับ\nกรุงเทพ\n".encode("cp874"), "encoding"),
        ("山田太郎;東京\n鈴木一郎;大阪\n".encode("euc_jp"), "encoding"),
        (("Name\n" + "Größe\n" * 10).encode() + b"Gr\xf6\xdfe\n", "encoding_mixed"),
        (b"\xef\xbb\xbfName\nGr\xf6\xdfe\n", "encoding_mixed"),
        (b"\xff\xfeN\x00a\x00\x00", "encoding_mixed"),
    ],
)
def test_what_cannot_be_told_is_refused(tmp_path, content, code):
    path = tmp_path / "a"
    path.write_bytes(content)
    with pytest.raises(Undecodable, match=code):
        detect_encoding(path)


def test_the_row_of_a_broken_letter_is_told(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(("Name\n" + "Größe\n" * 400_000).encode() + b"Gr\xf6\xdfe\n")
    with pytest.raises(Undecodable) as caught:
        detect_encoding(path)
    assert (caught.value.row, caught.value.encoding) == (400_002, "utf-8")


def test_rare_letters_far_down_a_large_file_are_found(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"Name,City\n" + b"Brauer,Bonn\n" * 300_000 + "Müller,Köln\n".encode("cp1252"))
    assert detect_encoding(path) == "cp1252"


def test_a_letter_cut_by_a_chunk_is_whole(tmp_path):
    path = tmp_path / "a"
    path.write_bytes("名前,町\n".encode("cp932") + "ソニー株式会社,大阪\n".encode("cp932") * 90_000)
    assert detect_encoding(path) == "cp932"
