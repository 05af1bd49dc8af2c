"""Facts: how the numbers of registers are built, what people write around them, and the German register courts.

May know nothing of the house. Words stand as they are compared: capital letters without accents, blanks and points.

Sources: what the registers publish of themselves. AT: Firmenbuch. BE: FPS Economy (KBO/BCE). BG: Registry Agency (EIK).
CH: Federal Statistical Office (UID). CZ: Czech Statistical Office (ICO). DE: Handelsregisterverordnung, and the
register courts as the common register portal of the Länder names them. DK: Erhvervsstyrelsen (CVR). EE: Centre of
Registers. ES: Agencia Tributaria (NIF). FI: PRH (Y-tunnus). FR: INSEE (SIREN, SIRET). GB: Companies House. HR: Tax
Administration (OIB). IE: Companies Registration Office. IT: Registro delle Imprese (codice fiscale). LU: Luxembourg
Business Registers. LV: Enterprise Register. NL: Kamer van Koophandel. NO: Brønnøysundregistrene. PL: Krajowy Rejestr
Sądowy. PT: IRN (NIPC). SE: Bolagsverket. SK: Statistical Office (ICO).
"""

__all__ = ["COURTS", "FORMS", "IN_VAT", "NUMBER", "OWN_LETTERS", "SEATS", "SOME_LETTERS", "VAT_WORDS", "VERSION", "WORDS"]

VERSION = "registers/1"
"""Raise it with every change: what is a key decides who gets a lead."""

# Country by country the patterns of a number, and to how many digits it is filled up with zeros in front. Each pattern
# has three groups: what stands before the digits, the digits, what stands after; the rest of it is left out. Where a
# country counts its companies in several registers, only the one named here has a form, so that two kinds of number
# are never compared with each other: of PL the KRS and no NIP or REGON, of IT the codice fiscale and no REA, of ES the
# NIF and no sheet of the Registro Mercantil, of HR the OIB and no MBS, of CH the UID and no number from before it.
FORMS = {
    "AT": ((r"()0*(\d{1,6})([A-Z])", 0),),
    "BE": ((r"()([01]\d{9}|\d{9})()", 10),),
    "BG": ((r"()(\d{9})()", 9),),
    "CH": ((r"()(\d{9})()", 9),),
    "CZ": ((r"()(\d{6,8})()", 8),),
    "DE": (),  # read with the court, which no pattern tells
    "DK": ((r"()(\d{8})()", 8),),
    "EE": ((r"()(\d{8})()", 8),),
    "ES": ((r"([A-Z])(\d{7})([A-Z0-9])", 7), (r"()(\d{8})([A-Z])", 8)),
    "FI": ((r"()(\d{7,8})()", 8),),
    "FR": ((r"()(\d{9})(?:\d{5})?()", 9), (r"()FR[A-Z0-9]{2}(\d{9})()", 9)),
    "GB": (
        (r"()(\d{6,8})()", 8),
        (r"([AINOPRSZ]C|BR|C[ENRS]|F[CE]|G[ENS]|[ILNS]P|N[AFILVZ]|OE|RS|S[AEFGILORZ])(\d{4,6})()", 6),
        (r"(IP|NP|SP)(\d{2,5})(R)", 5),
        (r"(R)(\d{7})()", 7),
    ),
    "HR": ((r"()(\d{11})()", 11),),
    "IE": ((r"()(\d{3,6})()", 6),),
    "IT": ((r"()([0-7]\d{10})()", 11),),  # 8 and 9 in front are given to bodies whose VAT number is another
    "LU": ((r"([A-K])0*(\d{1,6})()", 0),),
    "LV": ((r"()([4-9]\d{10})()", 11),),
    "NL": ((r"()(\d{8})()", 8),),
    "NO": ((r"()(\d{9})()", 9),),
    "PL": ((r"()(000\d{7}|\d{5,7})()", 10), (r"()KRS0*(\d{1,7})()", 10)),
    "PT": ((r"()(\d{9})()", 9),),
    "SE": ((r"()(\d{10})()", 10),),
    "SK": ((r"()(\d{6,8})()", 8),),
}

# Which part of a VAT number is the number in the register. Sources: European Commission, DG TAXUD, "VIES - VAT number
# construction rules", version 15.0, beside what the registers above publish; CH: Art. 3 UIDG, NO: Skatteetaten. Not
# where tax and register count apart: AT, CY, DE, EE, GB, GR, HU, IE, LT, LU, MT, NL, PL, SI, SK; of CZ, BG and LV only
# the length or the first digit of a company, of FR none from Monaco (000), which has no SIREN.
IN_VAT = {
    "BE": r"(\d{10})",
    "BG": r"(\d{9})",
    "CH": r"(\d{9})",
    "CZ": r"(\d{8})",
    "DK": r"(\d{8})",
    "ES": r"([A-Z0-9]{9})",
    "FI": r"(\d{8})",
    "FR": r"[A-Z0-9]{2}((?!000)\d{9})",
    "HR": r"(\d{11})",
    "IT": r"(\d{11})",
    "LV": r"([4-9]\d{10})",
    "NO": r"(\d{9})",
    "PT": r"(\d{9})",
    "SE": r"(\d{10})\d\d",
}

# Words for "number" in any language, which may stand beside any other.
NUMBER = "NR NO N NUM NUMMER NUMBER NUMERO NUMERODE"

# What people write around a number, beside the words above.
WORDS = {
    "AT": "AT FN FIRMENBUCH FIRMENBUCHNR FIRMENBUCHNUMMER FB",
    "BE": "BE KBO BCE KBOBCE BCEKBO ZDU CBE ONDERNEMINGSNUMMER ONDERNEMINGSNR ENTREPRISE DENTREPRISE "
    "UNTERNEHMENSNUMMER ENTERPRISE BTW TVA VAT MWST RPR RPM",
    "BG": "BG EIK UIC BULSTAT VAT",
    "CH": "CHE CH E UID IDE IDI MWST TVA IVA TPV VAT HR RC",
    "CZ": "CZ IC ICO DIC",
    "DE": "DE AMTSGERICHT AMTSGERICHTS AMTSGERICHTE AG REGISTERGERICHT REGISTERNUMMER REGISTERNR REGISTER SITZ "
    "HANDELSREGISTER HANDELSREGISTERS HANDELSREGISTERNUMMER HANDELSREGISTERNR HANDELSREGISTERA "
    "HANDELSREGISTERB HR HANDELSREGISTEREINTRAG EINGETRAGEN GENOSSENSCHAFTSREGISTER VEREINSREGISTER "
    "PARTNERSCHAFTSREGISTER GESELLSCHAFTSREGISTER ABTEILUNG ABT DES DEM DER BEIM BEI AM IM IN VON UNTER ZU "
    "DISTRICTCOURT LOCALCOURT COURT OF THE AT COMMERCIALREGISTER",
    "DK": "DK CVR VAT MOMS",
    "EE": "EE REG KOOD REGISTRIKOOD",
    "ES": "ES CIF NIF VAT IVA",
    "FI": "FI YTUNNUS LYTUNNUS FO BUSINESSID ALV VAT",
    "FR": "FR SIREN SIRET RCS TVA DE",
    "GB": "GB UK COMPANY COMPANIES HOUSE CO REG REGD REGISTRATION REGISTERED REGISTER CRN IN ENGLAND AND WALES "
    "SCOTLAND NORTHERNIRELAND",
    "HR": "HR OIB VAT",
    "IE": "IE COMPANY REG REGD REGISTRATION REGISTERED IN IRELAND CRO",
    "IT": "IT CF CODICEFISCALE CODFISC CODFISCALE CODICEFISCALEE PIVA PARTITAIVA PARTIVA IVA EPARTITAIVA EPIVA VAT "
    "REGISTROIMPRESE REGIMPRESE",
    "LU": "LU RCS RCSL L RC LUXEMBOURG LUXEMBURG REGISTREDECOMMERCE ETDESSOCIETES HANDELSREGISTER",
    "LV": "LV REG REGISTRACIJAS NUMURS VIENOTAIS PVN VAT",
    "NL": "NL KVK NHR COC HANDELSREGISTER KAMERVANKOOPHANDEL CHAMBEROFCOMMERCE DOSSIERNUMMER",
    "NO": "NO ORG ORGANISASJONSNUMMER ORGANISASJONSNR FORETAKSREGISTERET MVA",
    "PL": "PL KRS NUMERKRS",
    "PT": "PT NIPC NIF CONTRIBUINTE PESSOACOLECTIVA PESSOACOLETIVA DE VAT IVA",
    "SE": "SE ORG ORGANISATIONSNUMMER ORGANISATIONSNR VAT MOMS MOMSREG MOMSREGNR",
    "SK": "SK IC ICO",
}

# Words after which a town may be written: the court or chamber that keeps the register. The number is the country's own
# all the same.
SEATS = {
    "AT": "HG LG HANDELSGERICHT LANDESGERICHT FIRMENBUCHGERICHT",
    "BE": "RPR RPM",
    "FR": "RCS",
    "NL": "KVK KAMERVANKOOPHANDEL",
}

# What people write before a VAT number.
VAT_WORDS = """
AFM ALV BTW BTWID BTWIDENTIFICATIE BTWIDENTIFICATION CIF CUI CVR DIC DPH EUVAT ICDPH ID IDENT IDNR INTRACOM
INTRACOMMUNAUTAIRE INTRACOMUNITARIO IVA KMKR MOMS MOMSREG MOMSREGISTRERINGS MVA MWST NIF NIP NIPC ORG OIB PARTITAIVA
PIVA PVM PVN REG REGISTRATION REGISTERED STEUER TAX TAXID TVA TVAINTRACOM TVAINTRACOMMUNAUTAIRE UID UMSATZSTEUER
UMSATZSTEUERID UMSATZSTEUERIDENTIFIKATIONS UST USTID USTIDENT USTIDENTIFIKATIONS VAT VATID VATREG VATREGISTRATION
"""

# The German register courts, each with the other ways in which it is written. Frankfurt alone may be either of two
# courts, so it is none.
COURTS = """
Aachen; Altenburg; Amberg; Ansbach; Apolda; Arnsberg; Arnstadt; Aschaffenburg; Augsburg; Aurich; Bad Hersfeld; Bad
Homburg: Bad Homburg vdH, Bad Homburg vor der Höhe; Bad Kreuznach; Bad Oeynhausen; Bad Salzungen; Bamberg; Bayreuth;
Charlottenburg: Berlin, Berlin Charlottenburg, Charlottenburg Berlin; Bielefeld; Bochum; Bonn; Braunschweig; Bremen;
Chemnitz; Coburg; Coesfeld; Cottbus; Darmstadt; Deggendorf; Dortmund; Dresden; Duisburg; Düren; Düsseldorf;
Eisenach; Erfurt; Eschwege; Essen; Flensburg; Frankfurt am Main: Frankfurt a M, Frankfurt Main, Frankfurt a Main,
Frankfurt M; Frankfurt Oder: Frankfurt an der Oder, Frankfurt a d Oder, Frankfurt a d O, Frankfurt O; Freiburg:
Freiburg im Breisgau, Freiburg i Br, Freiburg i Breisgau, Freiburg Breisgau; Friedberg: Friedberg Hessen; Fritzlar;
Fulda; Fürth; Gelsenkirchen; Gera; Gießen; Gotha; Göttingen; Greiz; Gütersloh; Hagen: Hagen Westfalen; Hamburg;
Hamm: Hamm Westfalen; Hanau; Hannover: Hanover; Heilbad Heiligenstadt: Heiligenstadt; Hildburghausen; Hildesheim;
Hof: Hof Saale; Ingolstadt; Iserlohn; Jena; Kaiserslautern; Kassel; Kempten: Kempten Allgäu; Kiel; Kleve; Koblenz;
Köln: Cologne; Königstein: Königstein im Taunus, Königstein i Ts, Königstein Taunus; Korbach; Krefeld; Landau:
Landau in der Pfalz, Landau i d Pfalz, Landau Pfalz; Landshut; Lebach; Leipzig; Lemgo; Limburg: Limburg an der Lahn,
Limburg a d Lahn, Limburg Lahn; Lübeck; Ludwigshafen: Ludwigshafen am Rhein, Ludwigshafen a Rhein, Ludwigshafen
Rhein, Ludwigshafen a Rh; Lüneburg; Mainz; Mannheim; Marburg: Marburg an der Lahn, Marburg Lahn; Meiningen;
Memmingen; Merzig; Mönchengladbach; Montabaur; Mühlhausen; München: Munich; Münster: Münster Westfalen, Münster
Westf; Neubrandenburg; Neunkirchen; Neuruppin; Neuss; Nordhausen; Nürnberg: Nuremberg; Offenbach: Offenbach am Main,
Offenbach a M, Offenbach Main; Oldenburg: Oldenburg Oldenburg, Oldenburg Oldb; Osnabrück; Ottweiler; Paderborn;
Passau; Pinneberg; Pößneck; Potsdam; Recklinghausen; Regensburg; Rostock; Rudolstadt; Saarbrücken; Saarlouis;
Schweinfurt; Schwerin; Siegburg; Siegen; Sömmerda; Sondershausen; Sonneberg; St Ingbert: Sankt Ingbert; St Wendel:
Sankt Wendel; Stadthagen; Stadtroda; Steinfurt; Stendal; Stralsund; Straubing; Stuttgart; Suhl; Tostedt; Traunstein;
Ulm: Ulm Donau; Völklingen; Walsrode; Weiden: Weiden in der Oberpfalz, Weiden i d OPf, Weiden OPf; Weimar; Wetzlar;
Wiesbaden; Wittlich; Wuppertal; Würzburg; Zweibrücken
"""

# Courts whose numbers all end in the same letters, which people often leave out: with and without it is one number.
OWN_LETTERS = {
    "CHARLOTTENBURG": "B",
    "COTTBUS": "CB",
    "FRANKFURTODER": "FF",
    "NEURUPPIN": "NP",
    "POTSDAM": "P",
}

# Courts whose numbers end in the letters of one of several former registers: without them it is not one number.
SOME_LETTERS = frozenset(["BREMEN", "FLENSBURG", "KIEL", "LUBECK", "PINNEBERG"])
