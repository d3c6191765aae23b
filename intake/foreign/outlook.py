"""Outlook: the contacts folder as CSV ("Export to a file"), in the language of the program.

Source: Outlook's own export files, and the tables of headers by language with which Exchange imports them. Two headers of the French
export are both "Titre" (salutation and position), so neither is read.
"""

from intake.foreign.product import NOTHING, Product, product

# What the columns of a line below tell, in order; street, postal code and city of the business address and its phone are the signature.
_FACTS = (
    "first_name", "last_name", "company", "department", "position",
    "street", "street2", "city", "province", "postal_code", "country",
    "home_street", "home_city", "home_province", "home_postal_code", "home_country",
    "phone", "phone", "mobile", "company_phone", "home_phone", "fax", "email", "email", "website", "notes", "gender",
    NOTHING, NOTHING, NOTHING, NOTHING,
)  # fmt: skip
_SIGNATURE = (5, 6, 7, 8, 9, 11, 12, 14)
_HEADERS = [
    "First Name|Last Name|Company|Department|Job Title|Business Street|Business Street 2|Business City|Business State|"
    "Business Postal Code|Business Country/Region|Home Street|Home City|Home State|Home Postal Code|Home Country/Region|Business Phone|"
    "Business Phone 2|Mobile Phone|Company Main Phone|Home Phone|Business Fax|E-mail Address|E-mail 2 Address|Web Page|Notes|Gender|"
    "Title|Location|Categories|Account",
    "Vorname|Nachname|Firma|Abteilung|Position|Straße geschäftlich|Straße geschäftlich 2|Ort geschäftlich|Region geschäftlich|"
    "Postleitzahl geschäftlich|Land/Region geschäftlich|Straße privat|Ort privat|Bundesland/Kanton privat|Postleitzahl privat|"
    "Land/Region privat|Telefon geschäftlich|Telefon geschäftlich 2|Mobiltelefon|Telefon Firma|Telefon privat|Fax geschäftlich|"
    "E-Mail-Adresse|E-Mail 2: Adresse|Webseite|Notizen|Geschlecht|Anrede|Ort|Kategorien|Konto",
    "Prénom|Nom|Société|Service|-|Rue (bureau)|Rue (bureau) 2|Ville (bureau)|Dép/Région (bureau)|Code postal (bureau)|"
    "Pays/Région (bureau)|Rue (domicile)|Ville (domicile)|Dép/Région (domicile)|Code postal (domicile)|Pays/Région (domicile)|"
    "Téléphone (bureau)|Téléphone 2 (bureau)|Tél. mobile|Téléphone société|Téléphone (domicile)|Télécopie (bureau)|"
    "Adresse de messagerie|Adresse de messagerie 2|Page Web|Notes|Sexe|Titre|Emplacement|Catégories|Compte",
    "Nombre|Apellidos|Organización|Department|Puesto|Calle del trabajo|Calle del trabajo 2|Ciudad de trabajo|"
    "Provincia o estado de trabajo|Código postal del trabajo|País o región del trabajo|Home Street|Home City|Home State|"
    "Home Postal Code|País o región del domicilio|Teléfono del trabajo|Business Phone 2|Mobile Phone|"
    "Número de centralita de la organización|Particular|Business Fax|E-mail Address|Dirección de correo electrónico 2|Página web|"
    "Notes|Género|Title|Location|Categorías|Account",
    "Nome|Cognome|Società|Reparto|Posizione|Via (uff.)|Via (uff.) 2|Città (uff.)|Provincia (uff.)|CAP (uff.)|Paese (uff.)|"
    "Via (ab.)|Città (ab.)|Provincia (ab.)|CAP (ab.)|Paese (ab.)|Ufficio|Ufficio 2|Cellulare|Telefono principale società|Abitazione|"
    "Fax (uff.)|Indirizzo posta elettronica|Indirizzo posta elettronica 2|Pagina Web|Notes|Sesso|Titolo|Luogo|Categorie|Account",
    "Primeiro nome|Sobrenome|Empresa|Departamento|Cargo|Business Street|Rua do endereço comercial 2|Business City|Business State|"
    "Business Postal Code|País/Região da Empresa|Endereço residencial|Cidade do endereço residencial|Estado|"
    "CEP do endereço residencial|País/Região de Residência|Telefone comercial|Telefone comercial 2|Telefone celular|"
    "Telefone principal da empresa|Telefone residencial|Fax comercial|E-mail Address|Endereço de email 2|Página da Web|Anotações|Sexo|"
    "Tratamento|Local|Categorias|Conta",
    "Primeiro nome|Apelido|Empresa|Departamento|Cargo|Rua da empresa|Rua da empresa 2|Localidade da empresa|Distrito da empresa|"
    "Código postal da empresa|País/Região da Empresa|Rua da residência|Localidade da residência|Distrito da residência|"
    "Código postal da residência|País da Residência/Região|Telefone da empresa|2º telefone da empresa|Telemóvel|"
    "Telefone principal da empresa|Telefone da residência|Fax da empresa|Endereço de correio electrónico|"
    "Endereço do correio electrónico 2|Página na Web|Notas|Sexo|Título|Localização|Categorias|Conta",
    "Voornaam|Achternaam|Bedrijf|Afdeling|Functie|Werkadres, straat|Werkadres 2, straat|Werkadres, plaats|Werkadres, provincie|"
    "Werkadres, postcode|Land/regio (werk)|Huisadres, straat|Huisadres, plaats|Huisadres, provincie|Huisadres, postcode|"
    "Land/regio (thuis)|Telefoon op werk|Telefoon op werk 2|Mobiele telefoon|Hoofdtelefoon bedrijf|Telefoon thuis|Fax op werk|"
    "E-mailadres|E-mailadres 2|Webpagina|Notities|Geslacht|Titel|Locatie|Categorieën|Account",
    "Imię|Nazwisko|Firma|Dział|Stanowisko|Adres służbowy - ulica|Adres służbowy - ulica 2|Adres służbowy - miejscowość|"
    "Adres służbowy - województwo|Adres służbowy - kod pocztowy|Adres służbowy - kraj/region|Adres domowy - ulica|"
    "Adres domowy - miejscowość|Adres domowy - województwo|Adres domowy - kod pocztowy|Adres domowy - kraj/region|Telefon służbowy|"
    "Telefon służbowy 2|Telefon komórkowy|Główny telefon do firmy|Telefon domowy|Faks służbowy|Adres e-mail|Adres e-mail 2|"
    "Strona sieci Web|Notatki|Płeć|Tytuł|Lokalizacja|Kategorie|Konto",
    "Förnamn|Efternamn|Företag|Avdelning|Befattning|Gatuadress, arbete|Gatuadress 2, arbete|Ort, arbete|Region, arbete|"
    "Postadress, arbete|Land, arbete|Gatuadress, hem|Hemort|Region, hem|Postnr, hem|Land, hem|Arbete|Telefon 2, arbete|Mobiltelefon|"
    "Företag, växel|Hem|Fax arbete|E-postadress|E-postadress 2|Webbsida|Anteckningar|Kön|Titel|Plats|Kategorier|Konto",
    "Fornavn|Etternavn|Firma|Avdeling|Stilling|Adresse, arb.: Gate/vei|Adresse 2, arb.: Gate/vei|Adresse, arb.: Poststed|"
    "Adresse, arb.: Område|Adresse, arb.: Postnummer|Firmaland/område|Adresse, priv.: Gate/vei|Adresse, priv.: Poststed|"
    "Adresse, priv.: Område|Adresse, priv.: Postnummer|Hjemland/område|Telefon, arb.|Telefon 2, arb.|Mobiltelefon|"
    "Hovedtelefon for firma|Telefon, priv.|Telefaks, arb.|E-postadresse|E-postadresse 2|Webside|Notater|Kjønn|Tittel|Plassering|"
    "Kategorier|Konto",
]
# Outlook.com and newer versions write some of them otherwise.
_ALSO = {"Business Country": "country", "Home Country": "home_country", "Language": "language", "Paese/area geografica (uff.)": "country"}


def _outlook(line: str) -> Product:
    headers = line.split("|")
    facts = {header: fact for header, fact in zip(headers, _FACTS, strict=True) if header != "-"}
    return product("Outlook", facts | _ALSO, [headers[place] for place in _SIGNATURE])


PRODUCTS = [_outlook(line) for line in _HEADERS]
