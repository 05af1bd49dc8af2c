"""Make the example network: `src/dealerrouting/network/data/`.

A fictitious manufacturer, Meridiaan Machines, with its fictitious dealers and a year of leads, on
real places. Deterministic: the same bytes on every run and every platform. It uses the standard
library only, and reads `../shared/data` (GeoNames postal codes, NACE titles) beside the
repository. Nothing in the package imports it.

    python tools/make_network.py            # writes the files, checks them, prints what is in them
    python tools/make_network.py --check    # checks only that the files on disk are these

May know: the file contract. May not know: the library; it must not check itself with itself.
"""

from __future__ import annotations

import csv
import gzip
import io
import math
import random
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT.parent / "shared" / "data"
TARGET = ROOT / "src" / "dealerrouting" / "network" / "data"
ROWS = 2_160
ZONE = ZoneInfo("Europe/Brussels")
LONDON = ZoneInfo("Europe/London")
T = TypeVar("T")

# ---------------------------------------------------------------------------------------------
# The network: places and agreements, written by hand.

# Cities where `shared/data` has no postal codes. Coordinates: GeoNames (CC BY 4.0); the postal
# codes are well-known ones of that city.
CITIES = """
AT;Wien;48.2085;16.3721;1010 1030 1100 1110 1120 1210 1220 1230
AT;Linz;48.3064;14.2861;4020 4030 4040
AT;Wels;48.1667;14.0333;4600
AT;Steyr;48.0427;14.4213;4400
AT;St. Pölten;48.2076;15.6373;3100
AT;Wiener Neustadt;47.8049;16.2320;2700
AT;Eisenstadt;47.8457;16.5233;7000
AT;Salzburg;47.7994;13.0440;5020
AT;Innsbruck;47.2627;11.3945;6020
AT;Kufstein;47.5833;12.1667;6330
AT;Dornbirn;47.4143;9.7420;6850
AT;Bregenz;47.5031;9.7471;6900
AT;Feldkirch;47.2365;9.5973;6800
AT;Graz;47.0673;15.4420;8010 8020
AT;Klagenfurt;46.6247;14.3053;9020
CH;Zürich;47.3667;8.5500;8001 8004 8005 8048 8050
CH;Winterthur;47.5056;8.7241;8400 8404
CH;Basel;47.5584;7.5733;4051 4053 4057
CH;Bern;46.9481;7.4474;3011 3013 3014
CH;Thun;46.7512;7.6217;3600
CH;Luzern;47.0505;8.3064;6003 6005
CH;Zug;47.1724;8.5175;6300
CH;Aarau;47.3925;8.0442;5000
CH;Olten;47.3500;7.9033;4600
CH;St. Gallen;47.4239;9.3748;9000
CH;Schaffhausen;47.6973;8.6349;8200
CH;Chur;46.8499;9.5329;7000
CH;Genève;46.2022;6.1457;1201 1203 1205
CH;Lausanne;46.5160;6.6328;1003 1004 1007
CH;Fribourg;46.8024;7.1513;1700
CH;Neuchâtel;46.9918;6.9310;2000
CH;Biel/Bienne;47.1371;7.2461;2502 2503
CH;Lugano;46.0101;8.9600;6900
CH;Bellinzona;46.1928;9.0170;6500
DK;København;55.6759;12.5655;2100 2200 2300 2450 2500
DK;Roskilde;55.6415;12.0804;4000
DK;Køge;55.4580;12.1821;4600
DK;Næstved;55.2299;11.7609;4700
DK;Hillerød;55.9279;12.3008;3400
DK;Rønne;55.1009;14.7066;3700
DK;Odense;55.3959;10.3883;5000 5220
DK;Kolding;55.4904;9.4722;6000
DK;Vejle;55.7093;9.5357;7100
DK;Horsens;55.8607;9.8503;8700
DK;Aarhus;56.1567;10.2108;8000 8200 8210
DK;Randers;56.4607;10.0364;8900
DK;Herning;56.1362;8.9766;7400
DK;Esbjerg;55.4703;8.4519;6700
DK;Aalborg;57.0480;9.9187;9000 9220
PL;Wrocław;51.1029;17.0301;50-101 50-370
PL;Opole;50.6712;17.9260;45-040
PL;Katowice;50.2597;19.0217;40-007
PL;Gliwice;50.2976;18.6766;44-100
PL;Legnica;51.2101;16.1619;59-220
PL;Wałbrzych;50.7714;16.2843;58-300
PL;Warszawa;52.2298;21.0118;00-001 00-661
PL;Kraków;50.0614;19.9366;30-059 31-007
PL;Poznań;52.4069;16.9299;61-712
PL;Łódź;51.7706;19.4740;90-136
PL;Gdańsk;54.3523;18.6491;80-233
SE;Malmö;55.6059;13.0007;205 06 211 20
SE;Lund;55.7058;13.1932;221 00
SE;Helsingborg;56.0467;12.6944;251 89
SE;Trelleborg;55.3751;13.1569;231 83
SE;Kristianstad;56.0313;14.1524;291 80
SE;Göteborg;57.7072;11.9668;411 03
SE;Stockholm;59.3294;18.0687;111 20
SE;Växjö;56.8777;14.8091;351 95
IT;Como;45.8082;9.0832;22100
IT;Varese;45.8206;8.8251;21100
IT;Lecco;45.8559;9.3970;23900
IT;Milano;45.4643;9.1895;20121 20154
IT;Monza;45.5801;9.2725;20900
IT;Torino;45.0705;7.6868;10121
IT;Bologna;44.4938;11.3388;40121
IT;Verona;45.4385;10.9938;37121
ES;Barcelona;41.3888;2.1590;08001 08018
ES;Madrid;40.4165;-3.7026;28001 28037
ES;Valencia;39.4739;-0.3797;46001
ES;Bilbao;43.2627;-2.9253;48001
ES;Zaragoza;41.6561;-0.8773;50001
IE;Dublin;53.3331;-6.2489;D02 D12
IE;Cork;51.8980;-8.4706;T12
IE;Galway;53.2725;-9.0510;H91
"""

# Where leads come from: country, share of the leads, towns with their weight (1 if not given).
TOWNS = {
    "NL": (
        24,
        (
            "Rotterdam:9;Schiedam:3;Vlaardingen:2;Dordrecht:4;Delft:3;Gouda:2;Leiden:2;Zoetermeer:3;Ridderkerk:3;"
            "Gorinchem:2;'s-Gravenhage:4;Amsterdam:9;Zaandam:4;Haarlem:2;Hoofddorp:4;Beverwijk:3;Alkmaar:2;Almere:3;"
            "Lelystad;Emmeloord;Utrecht:6;Nieuwegein:3;Amersfoort:2;Veenendaal:3;Eindhoven:7;Helmond:4;Tilburg:5;"
            "Breda:4;'s-Hertogenbosch:3;Oss:3;Roosendaal:2;Veghel:3;Waalwijk:2;Bergen op Zoom:2;Venlo:4;Roermond:2;"
            "Weert:2;Maastricht:3;Sittard:2;Heerlen:2;Nijmegen:4;Arnhem:3;Ede:4;Apeldoorn:3;Doetinchem:2;Deventer:3;"
            "Zwolle:4;Enschede:4;Hengelo:3;Almelo:2;Kampen;Hoogeveen;Emmen;Assen;Groningen:3;Veendam;"
            "Leeuwarden:2;Heerenveen:4;Drachten:2;Sneek:2;Middelburg:4;Goes:4;Terneuzen:5;Vlissingen:3;Hulst:3"
        ),
    ),
    "BE": (
        17,
        (
            "Antwerpen:8;Deurne;Hoboken:2;Merksem:2;Berchem;Mechelen:3;Turnhout:3;Geel:3;Herentals:3;Lier:2;Boom;Mol;"
            "Bruxelles:3;Anderlecht:3;Schaerbeek;Zaventem:2;Vilvoorde:3;Leuven:2;Aarschot;Tienen;Wavre:2;"
            "Nivelles:2;Hasselt:2;Genk:2;Lommel;Liège:3;Seraing:2;Herstal:3;Verviers;Eupen:3;Namur:2;Gembloux;"
            "Charleroi:4;Mons:2;La Louvière:2;Tournai:2;Mouscron:2;Brugge:3;Oostende:2;Kortrijk:4;Roeselare:5;"
            "Waregem:3;Ieper:2;Tielt:2;Gent:6;Aalst:2;Sint-Niklaas:3;Dendermonde;Lokeren:2;Eeklo;Oudenaarde:2;"
            "Arlon:4;Bastogne:3;Libramont-Chevigny:3"
        ),
    ),
    "LU": (2, "Luxembourg:3;Esch-sur-Alzette:3;Differdange:2;Dudelange;Bettembourg;Mersch;Diekirch;Wiltz"),
    "DE": (
        23,
        (
            "Hamburg:7;Kiel:2;Lübeck:2;Lüneburg;Bremen:4;Bremerhaven;Oldenburg:2;Osnabrück:3;Hannover:5;Braunschweig:2;"
            "Wolfsburg:2;Göttingen;Hildesheim;Bielefeld:3;Paderborn:2;Gütersloh:3;Herford;Kassel:2;Fulda;Gießen;"
            "Düsseldorf:5;Mönchengladbach:2;Neuss:2;Krefeld:3;Duisburg:5;Essen:4;Mülheim an der Ruhr:2;Oberhausen:2;"
            "Gelsenkirchen:2;Bochum:3;Dortmund:5;Hagen:3;Hamm;Wuppertal:3;Solingen:3;Remscheid:3;Münster:3;Köln:6;"
            "Leverkusen;Bonn:2;Aachen:3;Siegen:3;Koblenz:2;Mainz:2;Wiesbaden;Frankfurt am Main:5;Offenbach;Hanau:2;"
            "Darmstadt:2;Saarbrücken:3;Völklingen:2;Dillingen;Mannheim:3;Ludwigshafen am Rhein:2;Karlsruhe:3;"
            "Pforzheim:2;Stuttgart:6;Esslingen am Neckar:3;Ludwigsburg:2;Heilbronn:3;Reutlingen:2;Ulm:3;"
            "Freiburg im Breisgau:2;Offenburg:2;Villingen-Schwenningen:2;München:7;Augsburg:3;Ingolstadt:3;Rosenheim;"
            "Kempten:2;Landshut;Nürnberg:4;Fürth;Würzburg:2;Schweinfurt:2;Regensburg:2;Leipzig:4;Dresden:3;"
            "Chemnitz:3;Zwickau:2;Magdeburg:2;Erfurt:2;Jena;Berlin:7;Potsdam;Cottbus;Trier:6;Bitburg:4;"
            "Rostock:2;Schwerin;Stralsund;Neubrandenburg"
        ),
    ),
    "FR": (
        13,
        (
            "Lille:4;Roubaix:2;Tourcoing:2;Dunkerque:2;Valenciennes:2;Arras;Lens;Amiens:2;Beauvais;Compiègne:2;"
            "Saint-Quentin;Reims:3;Troyes:2;Paris:6;Saint-Denis:2;Aubervilliers:2;Gennevilliers:3;Nanterre;Créteil;"
            "Rungis:3;Meaux;Versailles;Évry;Cergy:2;Rouen:2;Le Havre:3;Caen:2;Évreux;Rennes:3;Brest;Lorient:2;"
            "Vannes;Nantes:4;Angers:2;Cholet:2;Laval;La Roche-sur-Yon:2;Saint-Nazaire;Strasbourg:4;Mulhouse:3;"
            "Colmar:2;Haguenau;Metz:2;Nancy:2;Thionville:2;Lyon:6;Villeurbanne:2;Vénissieux:2;Saint-Étienne:3;"
            "Grenoble:3;Valence;Annecy:3;Dijon:2;Besançon:2;Mâcon;Marseille:3;Vitrolles:2;Avignon:2;Toulon;Nice;"
            "Clermont-Ferrand:2;Limoges;Toulouse:3;Bordeaux:3;Tours;Ajaccio"
        ),
    ),
    "GB": (
        9,
        (
            "@EC:2;@WC;@SW;@SE:3;@E:3;@N;@NW:2;@W:2;@RG:3;@GU:2;@SL:2;@ME:2;@DA:2;@TN;@BN;@SO;@B:7;@CV:4;@WV:3;@WS:2;"
            "@DY:2;@ST:2;@DE:3;@NG:3;@LE:3;@NN:2;@M:6;@OL:2;@BL:2;@WA:3;@SK;@L:4;@LS:4;@BD:2;@WF:2;@S:4;@G:4;@EH:2;"
            "@ML:2;@KA;@FK;@CB:4;@OX:3;@PR:5;@LN;@CF:2;@BT:2;@NE:2;@PL;@AB"
        ),
    ),
    "AT": (
        3.2,
        (
            "Wien:7;Linz:5;Wels:2;Steyr;St. Pölten;Wiener Neustadt;Eisenstadt;Salzburg:3;Innsbruck:2;Kufstein;"
            "Dornbirn:3;Bregenz:2;Feldkirch:2;Graz:2;Klagenfurt"
        ),
    ),
    "CH": (
        3,
        (
            "Zürich:5;Winterthur:3;Basel:4;Bern:4;Thun;Luzern:2;Zug:2;Aarau:2;Olten;St. Gallen:3;Schaffhausen;Chur;"
            "Genève:3;Lausanne:3;Fribourg:2;Neuchâtel:2;Biel/Bienne:2;Lugano:3;Bellinzona:2"
        ),
    ),
    "DK": (
        2.2,
        (
            "København:5;Roskilde;Køge:2;Næstved;Hillerød;Odense:3;Kolding:2;Vejle:2;Horsens:2;Aarhus:4;Randers;"
            "Herning:2;Esbjerg;Aalborg:2;Rønne"
        ),
    ),
    "PL": (
        1.7,
        "Wrocław:5;Opole:2;Katowice:4;Gliwice:3;Legnica;Wałbrzych;Warszawa:2;Kraków;Poznań;Łódź;Gdańsk",
    ),
    "SE": (0.8, "Malmö:4;Lund:2;Helsingborg:3;Trelleborg;Kristianstad;Göteborg:2;Stockholm:2;Växjö"),
    "IT": (1, "Como:4;Varese:4;Lecco:3;Milano:3;Monza:2;Torino;Bologna:2;Verona"),
    "ES": (0.5, "Barcelona:3;Madrid:2;Valencia;Bilbao:2;Zaragoza"),
    "IE": (0.4, "Dublin:3;Cork:2;Galway"),
}

# Towns whose name other places have too, or one code of which is wrong in the source: where its codes begin.
NAMESAKES = {
    "NL Rotterdam": "30",
    "BE Deurne": "21",
    "BE Berchem": "26",
    "BE Tielt": "87",
    "BE Aalst": "93",
    "DE Oberhausen": "46",
    "DE Hagen": "58",
    "DE Hamm": "59",
    "DE Münster": "48",
    "DE Rosenheim": "83",
    "DE Fürth": "90",
    "DE Schwerin": "19",
    "FR Saint-Denis": "93",
    "FR Évry": "91",
    "FR Saint-Nazaire": "44",
    "FR Valence": "26",
    "FR Vitrolles": "13",
}

# Places outside every territory and within reach of a dealer: their visitors mostly share their position.
NEAR = (
    "Leeuwarden Heerenveen Drachten Sneek Middelburg Goes Terneuzen Vlissingen Hulst Arlon Bastogne Libramont-Chevigny "
    "Trier Bitburg Como Varese Lecco Milano Monza Hasselt Genk Lommel"
)
SHARES_POSITION = frozenset(NEAR.split())

# id|name|country|postcode|city|languages|products|max_open|max_per_30_days|active_from|active_until|paused
DEALERS = """
delta-nl|Voorbeeld Deltatechniek BV|NL|3011|Rotterdam|||||||
amstel-nl|Voorbeeld Amstel Verpakking BV|NL|1043|Amsterdam|nl;en||||||
brabant-nl|Voorbeeld Brabant Machines BV|NL|5612|Eindhoven|||||||
maas-nl|Voorbeeld Maasplaat BV|NL|6211|Maastricht|||||||
hanze-nl|Voorbeeld Hanze Techniek BV|NL|8011|Zwolle|||||||
antwerp-a|Voorbeeld Scheldekade BV|BE|2030|Antwerpen||||9|||
antwerp-b|Voorbeeld Dijle Machines NV|BE|2800|Mechelen|||||||
gent-be|Voorbeeld Leiekant NV|BE|9000|Gent||||12|||
limburg-be|Voorbeeld Demer Machines BV|BE|3500|Hasselt|||||||
brussel-be|Exemple Senne Machines SA|BE|1070|Anderlecht|fr;nl;en||||||
meuse-be|Exemple Mosan SRL|BE|4040|Herstal|fr;de;en||||||
lux-lu|Exemple Alzette S.à r.l.|LU|L-3238|Bettembourg|fr;de;en||||||
hanse-de|Muster Hansekontor GmbH|DE|20539|Hamburg|||||||
leine-de|Muster Leinetechnik GmbH|DE|30165|Hannover|||||2027-04-01||
berlin-de|Muster Spreemaschinen GmbH|DE|12277|Berlin|||||||
sachsen-de|Muster Elbmaschinen GmbH|DE|04177|Leipzig|||500||||
ruhr-a|Muster Ruhrpresse GmbH & Co. KG|DE|45141|Essen|||||||
ruhr-b|Muster Westfalentechnik GmbH|DE|44137|Dortmund|||||||
rhein-de|Muster Rheinanlagen GmbH|DE|50823|Köln|||||||
main-de|Muster Mainmaschinen GmbH|DE|60314|Frankfurt am Main|||||||
neckar-de|Muster Neckarwerk GmbH|DE|70327|Stuttgart|||||||2027-12-24..2027-12-31
isar-de|Muster Isartechnik GmbH|DE|80339|München|||||||2027-08-02..2027-08-22; 2027-12-24..2027-12-31
nord-fr|Exemple Nord Machines SAS|FR|59000|Lille|||||||
seine-a|Exemple Seine Amont SAS|FR|93200|Saint-Denis|||||||
seine-b|Exemple Seine Aval SARL|FR|78000|Versailles|||||||
alsace-fr|Exemple Ried Machines SAS|FR|67000|Strasbourg|fr;de||||||
rhone-fr|Exemple Confluence SAS|FR|69007|Lyon|||||||
atlantique-fr|Exemple Estuaire SARL|FR|44000|Nantes||||4|||
provence-fr|Exemple Calanque SARL|FR|13001|Marseille||||||2027-09-30|
thames-gb|Example Thames Machinery Ltd|GB|SE16|Docklands|||||||
mercia-gb|Example Mercia Packaging Machines Ltd|GB|B1|Birmingham||||4|||
pennine-gb|Example Pennine Press Ltd|GB|M12|Levenshulme|||||||
clyde-gb|Example Clyde Machines Ltd|GB|G1|Glasgow||||4|||
donau-at|Muster Donautechnik GmbH|AT|1230|Wien|||||||
tirol-at|Muster Inntal Maschinen GmbH|AT|6020|Innsbruck|de;it;en||||||
aare-ch|Muster Limmat AG|CH|8048|Zürich|de;en||||||
leman-ch|Exemple Lavaux Sàrl|CH|1007|Lausanne|fr;en||||||
ticino-ch|Esempio Ceresio SA|CH|6900|Lugano|it;de;en|wrap-10;wrap-40;case-20;seal-5;bend-80|||||
sund-dk|Eksempel Sund Maskiner ApS|DK|2450|København|da;sv;en||||||
jylland-dk|Eksempel Jylland Maskiner A/S|DK|8210|Aarhus|||300||||
odra-pl|Przykład Odra Maszyny sp. z o.o.|PL|50-370|Wrocław|||||||
"""
HOUSES = (
    ("inside-sales", "Meridiaan Machines, inside sales"),
    ("key-accounts", "Meridiaan Machines, key accounts"),
    ("tenders", "Meridiaan Machines, public tenders"),
)

_RUHR = "44*; 45*; 46*; 47*"
_LOWER_SAXONY = "29*; 30*; 31*; 37*; 38*"
_LONDON = "EC*; WC*; SW1..SW20; SE1..SE28; NW1..NW11; N1..N22; E1..E20; W1..W14"
_HOME = "BN*; BR*; CR*; CT*; DA*; EN*; GU*; HA*; IG*; KT*; ME*; RG*; RH*; RM*; SL*; SM*; TN*; TW*; UB*; WD*"
HANDOVER = "2027-07-01"
# id, dealers, country, postcodes, and what else there is
TERRITORIES: tuple[tuple[str, str, str, str, dict[str, str]], ...] = (
    ("nl-noord-holland", "amstel-nl", "NL", "1000..1299; 1400..2159", {}),
    ("nl-amsterdam-food", "amstel-nl:2; delta-nl:1", "NL", "1000..1109", {"sectors": "C10; C11"}),
    ("nl-flevoland", "amstel-nl", "NL", "1300..1379; 8200..8329", {}),
    ("nl-zuid-holland", "delta-nl", "NL", "2160..3399", {}),
    ("nl-rotterdam", "delta-nl:2; amstel-nl:1", "NL", "3000..3089", {"ledger": "rotterdam"}),
    (
        "nl-haaglanden-pack",
        "amstel-nl",
        "NL",
        "2490..2699",
        {"products": "wrap-10; wrap-40; case-20; seal-5"},
    ),
    ("nl-utrecht", "delta-nl", "NL", "3400..3999", {"valid_until": HANDOVER}),
    ("nl-utrecht", "amstel-nl", "NL", "3400..3999", {"valid_from": HANDOVER}),
    ("nl-noord-brabant", "brabant-nl", "NL", "4600..5799", {}),
    ("nl-brainport", "brabant-nl:1; maas-nl:1", "NL", "5600..5709", {"products": "laser-3; bend-80"}),
    ("nl-limburg", "maas-nl", "NL", "5800..6499", {}),
    ("nl-gelderland", "hanze-nl", "NL", "6500..7399", {}),
    ("nl-nijmegen", "hanze-nl:1; brabant-nl:1", "NL", "6500..6549", {}),
    ("nl-food-valley", "brabant-nl", "NL", "3900..3929; 6700..6749", {"sectors": "C10; C11"}),
    ("nl-overijssel", "hanze-nl", "NL", "7400..7799; 8000..8199", {}),
    ("nl-noord", "hanze-nl", "NL", "7800..7999; 9300..9999", {}),
    ("nl-laser", "brabant-nl", "NL", "", {"products": "laser-3", "priority": "5"}),
    ("be-brussel", "brussel-be", "BE", "1000..1299", {}),
    ("be-brussel-nl", "antwerp-b", "BE", "1000..1299", {"languages": "nl"}),
    ("be-brabant", "brussel-be", "BE", "1300..1999; 3000..3499", {}),
    ("be-antwerp", "antwerp-b", "BE", "2000..2999", {}),
    ("be-antwerp-city", "antwerp-a:2; antwerp-b:1", "BE", "2000..2660", {"ledger": "antwerp"}),
    ("be-antwerp-port", "antwerp-a", "BE", "2030..2040", {"sectors": "C20; H52"}),
    ("be-limburg", "limburg-be", "BE", "3500..3999", {}),
    ("be-liege", "meuse-be", "BE", "4000..4999", {}),
    ("be-eupen", "rhein-de", "BE", "4700..4799", {"languages": "de"}),
    ("be-namur", "meuse-be", "BE", "5000..5999", {}),
    ("be-hainaut", "brussel-be:1; meuse-be:1", "BE", "6000..6599; 7000..7999", {}),
    ("be-west", "gent-be", "BE", "8000..8999", {}),
    ("be-west-food", "gent-be:1; nord-fr:1", "BE", "8500..8999", {"sectors": "C10; C11"}),
    ("be-gent", "gent-be", "BE", "9000..9999", {}),
    ("be-waasland", "antwerp-a:1; gent-be:1", "BE", "9100..9199", {"valid_until": "2027-10-01"}),
    ("be-waasland", "gent-be", "BE", "9100..9199", {"valid_from": "2027-10-01"}),
    ("be-bakery", "gent-be", "BE", "", {"sectors": "C10.7", "priority": "5"}),
    ("lu", "lux-lu", "LU", "", {"exclusive": "true"}),
    ("saar-lor-lux-steel", "lux-lu:1; main-de:1", "LU", "", {"sectors": "C24"}),
    ("saar-lor-lux-steel", "lux-lu:1; main-de:1", "DE", "66*", {"sectors": "C24"}),
    ("saar-lor-lux-steel", "lux-lu:1; main-de:1", "FR", "57*", {"sectors": "C24"}),
    ("de-sachsen", "sachsen-de", "DE", "01*; 02*; 04*; 08*; 09*", {}),
    ("de-leipzig", "sachsen-de:2; berlin-de:1", "DE", "04000..04399", {}),
    ("de-mitte", "sachsen-de", "DE", "06*; 07*; 39*; 98*; 99*", {}),
    ("de-berlin", "berlin-de", "DE", "10000..14199", {}),
    ("de-brandenburg", "berlin-de", "DE", "03*; 14200..16999", {}),
    ("de-hamburg", "hanse-de", "DE", "20*; 21*; 22*", {}),
    ("de-schleswig-holstein", "hanse-de", "DE", "23*; 24*; 25*", {}),
    ("de-bremen", "hanse-de:2; leine-de:1", "DE", "26*; 27*; 28*", {}),
    ("de-niedersachsen", "hanse-de", "DE", _LOWER_SAXONY, {"valid_until": "2027-04-01"}),
    ("de-niedersachsen", "leine-de", "DE", _LOWER_SAXONY, {"valid_from": "2027-04-01"}),
    ("de-owl", "ruhr-b", "DE", "32*; 33*", {}),
    ("de-kassel", "main-de", "DE", "34*; 35*; 36*", {}),
    ("de-niederrhein", "rhein-de", "DE", "40*; 41*; 42*", {}),
    ("de-duesseldorf", "rhein-de:2; ruhr-a:1", "DE", "40200..40699", {}),
    ("de-ruhr", "ruhr-a:3; ruhr-b:2", "DE", _RUHR, {"ledger": "ruhr"}),
    ("de-ruhr-steel", "ruhr-a", "DE", _RUHR, {"sectors": "C24"}),
    ("de-muenster", "ruhr-b", "DE", "48*; 49*", {}),
    ("de-koeln", "rhein-de", "DE", "50*; 51*; 53*", {}),
    ("de-aachen", "rhein-de:1; maas-nl:1", "DE", "52*", {}),
    ("de-mittelrhein", "main-de", "DE", "55*; 56*", {}),
    ("de-siegen", "rhein-de", "DE", "57*", {}),
    ("de-sauerland", "ruhr-b", "DE", "58*; 59*", {}),
    ("de-main", "main-de", "DE", "60*; 61*; 63*; 64*; 65*", {}),
    ("de-saar-pfalz", "main-de", "DE", "66*; 67*", {}),
    ("de-neckar", "neckar-de", "DE", "68000..76999", {}),
    ("de-stuttgart-auto", "neckar-de:3; isar-de:1", "DE", "70*; 71*; 73*", {"sectors": "C29"}),
    ("de-schwarzwald", "neckar-de:1; alsace-fr:1", "DE", "77*; 78*; 79*", {}),
    ("de-isar", "isar-de", "DE", "80000..87999", {}),
    (
        "de-muenchen-pack",
        "isar-de:2; tirol-at:1",
        "DE",
        "80000..81999",
        {"products": "wrap-10; wrap-40; case-20"},
    ),
    ("de-ulm", "neckar-de", "DE", "88*; 89*", {}),
    ("de-franken", "isar-de:1; main-de:1", "DE", "90000..97999", {}),
    ("fr-nord", "nord-fr", "FR", "59*; 62*", {}),
    ("fr-picardie", "nord-fr", "FR", "02*; 60*; 80*", {}),
    ("fr-paris", "seine-a:1; seine-b:1", "FR", "75*", {}),
    ("fr-petite-couronne", "seine-a", "FR", "92*; 93*; 94*", {}),
    ("fr-rungis", "seine-b", "FR", "94150..94159", {"sectors": "C10; G46"}),
    ("fr-grande-couronne", "seine-b", "FR", "77*; 78*; 91*; 95*", {}),
    ("fr-normandie", "seine-b", "FR", "14*; 27*; 50*; 61*; 76*", {}),
    ("fr-bretagne", "atlantique-fr", "FR", "22*; 29*; 35*; 56*", {}),
    ("fr-loire", "atlantique-fr", "FR", "44*; 49*; 53*; 72*; 85*", {}),
    ("fr-ouest-food", "atlantique-fr:1; seine-b:1", "FR", "29*; 35*; 44*; 85*", {"sectors": "C10"}),
    ("fr-alsace", "alsace-fr", "FR", "67*; 68*", {}),
    ("fr-lorraine", "alsace-fr", "FR", "54*; 55*; 57*; 88*", {}),
    ("fr-champagne", "alsace-fr:1; nord-fr:1", "FR", "08*; 10*; 51*; 52*", {}),
    ("fr-rhone", "rhone-fr", "FR", "01*; 07*; 26*; 38*; 42*; 69*; 73*; 74*", {}),
    ("fr-annecy-turning", "leman-ch:1; rhone-fr:1", "FR", "74*", {"sectors": "C25"}),
    ("fr-bourgogne", "rhone-fr", "FR", "21*; 25*; 39*; 58*; 70*; 71*; 89*; 90*", {}),
    ("fr-provence", "provence-fr", "FR", "04*; 05*; 06*; 13*; 83*; 84*", {}),
    ("gb-london", "thames-gb", "GB", _LONDON, {}),
    ("gb-south-east", "thames-gb", "GB", _HOME, {}),
    ("gb-solent", "thames-gb", "GB", "PO*; SO*", {"valid_from": "2027-06-01T00:00:00+01:00"}),
    ("gb-cambridge", "thames-gb", "GB", "", {"geohashes": "u120; u121; u122"}),
    ("gb-midlands", "mercia-gb", "GB", "B1..B98; CV*; DY*; ST*; TF*; WR*; WS*; WV*", {}),
    ("gb-east-midlands", "mercia-gb:2; pennine-gb:1", "GB", "DE*; LE*; NG*; NN*", {}),
    ("gb-manchester", "pennine-gb", "GB", "M1..M90; BL*; OL*; SK*; WA*; WN*", {}),
    ("gb-merseyside", "pennine-gb", "GB", "L1..L40; CH*", {}),
    ("gb-yorkshire", "pennine-gb", "GB", "S1..S81; BD*; HD*; HX*; LS*; WF*; YO*", {}),
    ("gb-sheffield-steel", "mercia-gb:1; pennine-gb:1", "GB", "S1..S81", {"sectors": "C24; C25"}),
    ("gb-central-belt", "clyde-gb", "GB", "G1..G84; EH*; FK*; KA*; ML*; PA*", {}),
    ("at-ost", "donau-at", "AT", "1*; 2*; 3*; 7*", {}),
    ("at-linz", "donau-at", "AT", "4000..4999", {}),
    ("at-west", "tirol-at", "AT", "5*; 6*", {}),
    ("at-vorarlberg", "aare-ch:1; tirol-at:1", "AT", "6700..6999", {"valid_until": HANDOVER}),
    ("ch-zuerich", "aare-ch", "CH", "5*; 8*", {}),
    ("ch-ost", "aare-ch", "CH", "7*; 9*", {}),
    ("ch-zentral", "aare-ch", "CH", "6000..6499", {}),
    ("ch-nordwest", "aare-ch:1; alsace-fr:1", "CH", "4*", {}),
    ("ch-bern", "aare-ch", "CH", "3*", {"languages": "de"}),
    ("ch-bern", "leman-ch", "CH", "3*", {"languages": "fr"}),
    ("ch-romandie", "leman-ch", "CH", "1*; 2*", {}),
    ("ch-ticino", "ticino-ch", "CH", "6500..6999", {}),
    ("dk-sjaelland", "sund-dk", "DK", "1000..3699; 4000..4999", {}),
    ("dk-fyn", "jylland-dk:1; sund-dk:1", "DK", "5*", {}),
    ("dk-jylland", "jylland-dk", "DK", "6*; 7*; 8*; 9*", {}),
    ("pl-dolny-slask", "odra-pl", "PL", "45-000..49-999; 50-000..59-999", {}),
    ("pl-slask", "odra-pl", "PL", "40-000..44-999", {"valid_from": "2027-03-01"}),
    ("se-skane", "sund-dk", "SE", "200 00..299 99", {}),
    ("pharma", "key-accounts", "", "", {"sectors": "C21", "priority": "10"}),
)

PLAN = """\
# The plan of Meridiaan Machines: a fictitious manufacturer of packaging and metal-working machines,
# with fictitious dealers, on real places. See README.md for origin and licence of the places.
schema_version: 1
name: meridiaan-2027
house: inside-sales
timezone: Europe/Brussels
currency: EUR
taxonomy: nace-2.1
attributes: {fleet: int, segment: str}
dealers: dealers.csv
territories: territories.csv
accounts: accounts.csv
# When the dealers' offices are open. Holidays are those of the whole country (England in Great Britain) that fall on
# a weekday, as `holidays: {country: NL, from: 2026, until: 2028, drop: [2026-04-03, ...]}` freezes them: in Dutch
# offices people work on Good Friday.
calendars:
  nl-office:
    timezone: Europe/Amsterdam
    hours: {mon-thu: ["08:30-12:30", "13:00-17:30"], fri: ["08:30-12:30", "13:00-16:00"]}
    dates: {2027-12-24: ["08:30-12:00"], 2027-12-31: []}
    holidays:
      [2026-01-01, 2026-04-06, 2026-04-27, 2026-05-14, 2026-05-25, 2026-12-25,
       2027-01-01, 2027-03-29, 2027-04-27, 2027-05-06, 2027-05-17,
       2028-04-17, 2028-04-27, 2028-05-25, 2028-06-05, 2028-12-25, 2028-12-26]
  be-office:
    timezone: Europe/Brussels
    hours: {mon-fri: ["08:30-12:00", "12:30-17:00"]}
    holidays:
      [2026-01-01, 2026-04-06, 2026-05-01, 2026-05-14, 2026-05-25, 2026-07-21, 2026-11-11, 2026-12-25,
       2027-01-01, 2027-03-29, 2027-05-06, 2027-05-17, 2027-07-21, 2027-11-01, 2027-11-11,
       2028-04-17, 2028-05-01, 2028-05-25, 2028-06-05, 2028-07-21, 2028-08-15, 2028-11-01, 2028-12-25]
  de-office:
    timezone: Europe/Berlin
    hours: {mon-thu: 07:30-16:30, fri: 07:30-14:00}
    breaks: {mon-fri: 12:00-12:45}
    dates: {2026-12-24: [], 2026-12-31: [], 2027-12-24: [], 2027-12-31: []}
    holidays:
      [2026-01-01, 2026-04-03, 2026-04-06, 2026-05-01, 2026-05-14, 2026-05-25, 2026-12-25,
       2027-01-01, 2027-03-26, 2027-03-29, 2027-05-06, 2027-05-17,
       2028-04-14, 2028-04-17, 2028-05-01, 2028-05-25, 2028-06-05, 2028-10-03, 2028-12-25, 2028-12-26]
  fr-bureau:
    timezone: Europe/Paris
    hours: {mon-fri: ["09:00-12:30", "14:00-18:00"]}
    holidays:
      [2026-01-01, 2026-04-06, 2026-05-01, 2026-05-08, 2026-05-14, 2026-05-25, 2026-07-14, 2026-11-11, 2026-12-25,
       2027-01-01, 2027-03-29, 2027-05-06, 2027-05-17, 2027-07-14, 2027-11-01, 2027-11-11,
       2028-04-17, 2028-05-01, 2028-05-08, 2028-05-25, 2028-06-05, 2028-07-14, 2028-08-15, 2028-11-01, 2028-12-25]
  gb-office:
    timezone: Europe/London
    hours: {mon-fri: 09:00-17:00}
    holidays:
      [2026-01-01, 2026-04-03, 2026-04-06, 2026-05-04, 2026-05-25, 2026-08-31, 2026-12-25, 2026-12-28,
       2027-01-01, 2027-03-26, 2027-03-29, 2027-05-03, 2027-05-31, 2027-08-30, 2027-12-27, 2027-12-28,
       2028-01-03, 2028-04-14, 2028-04-17, 2028-05-01, 2028-05-29, 2028-08-28, 2028-12-25, 2028-12-26]
precedence:
  - registrations: {}
  - accounts: {}
  - incumbent: {won_within: {elapsed: 730d}}
  - rules:
      # What a public body asks for goes to a tender, whoever's region it is.
      - id: public-tenders
        when: {segment: {eq: public}}
        dealers: [tenders]
      - id: big-machines
        when: {all: [{product: {in: [press-500]}}, {value: {gte: 250000}}]}
        dealers: [key-accounts]
      # A visitor with a fleet of machines is a key account, except where a dealer looks after fleets.
      - id: fleets
        when: {all: [{fleet: {gte: 25}}, {not: {country: {in: [DE, AT]}}}]}
        dealers: [key-accounts]
      # antwerp-b is closed for the summer works in its hall; the city goes to antwerp-a as a whole.
      - id: antwerp-august
        when: {all: [{country: {eq: BE}}, {postcode: {between: ["2000", "2660"]}}, {month: {in: [8]}}]}
        dealers: [antwerp-a]
      - id: rotterdam-port
        when:
          all:
            - {country: {eq: NL}}
            - {location: {within_km: {lat: 51.9, lon: 4.47, km: 12}}}
            - {sector: {under: [H52, C24, C28]}}
        dealers: [delta-nl]
      - id: german-outside-eupen
        when: {all: [{country: {eq: BE}}, {language: {eq: de}}, {not: {postcode: {startswith: "47"}}}]}
        dealers: [meuse-be]
      - id: french-fairs
        when:
          all:
            - {country: {eq: FR}}
            - {source: {eq: fair}}
            - {campaign: {startswith: "fair-"}}
            - {product: {ne: press-500}}
        dealers: [seine-b]
      # Small parts are sold by telephone: the house, by plan.
      - id: small-orders
        when:
          any:
            - {all: [{value: {exists: true}}, {value: {lte: 1500}}]}
            - {campaign: {eq: web-spare-parts}}
        dealers: [inside-sales]
  - territories: {pick: [specific, priority, rotation]}
  - nearest: {within_km: 80}
# Two days without a word: a reminder. Five: another dealer has it, after the second such dealer the house.
terms:
  remind_after: {elapsed: 48h}
  withdraw_after: {elapsed: 5d}
  notice: {elapsed: 24h}
  stale_after: {elapsed: 21d}
  on_silence: [reassign, return]
  max_reassignments: 2
  counts_as_update: [contacted, uncontactable, qualified, quoted, won, lost]
  needs_evidence: [uncontactable]
  max_resets: 12
  max_reopens: 3
  max_pause: {elapsed: 7d}
  delivery_bound: {elapsed: 2d}
  late_answer: audit_only
  skew_tolerance: {elapsed: 5m}
  calendar: be-office                         # of whoever keeps none of its own, and of the house
  house: {remind_after: {business: 16h}, escalate_after: {business_days: 5}}
  # A claim protects its dealer for half a year; whoever has to give way to the customer's own choice is owed half.
  claims:
    protects: {elapsed: 180d}
    extensions: 1
    extends: {elapsed: 60d}
    activity_within: {elapsed: 90d}
    needs_evidence: [meeting]
    per_dealer_per_30_days: 50
    credit: 0.5
# What `dealerrouting check` finds and this plan lives with; README.md tells of two of them.
suppress:
  - {finding: broken-exclusive, at: lu, reason: "on purpose: leads to look at that end in a conflict"}
  - {finding: overlapping-territory, at: fr-ouest-food, reason: "food makers in the west of France go by turns"}
  - {finding: overlapping-territory, at: nl-food-valley, reason: "food makers round Wageningen go by turns"}
  - {finding: overlapping-territory, at: gb-cambridge, reason: "only a lead whose postcode and position disagree"}
  - {finding: ending-service, at: isar-de, reason: "closed in August and at Christmas: the house, with a retry"}
  - {finding: ending-service, at: neckar-de, reason: "closed at Christmas: the house, with a retry"}
  - {finding: ending-service, at: provence-fr, reason: "leaves in autumn; a successor is being looked for"}
  - {finding: ending-service, at: nl-utrecht, reason: "amstel-nl works in Dutch and English; others get the house"}
  - {finding: closed-deadline, at: terms.withdraw_after, reason: "five days are five days, agreed with all dealers"}
  - {finding: lone-dealer, at: "*", reason: "nearly every region has one dealer; inside-sales answers while it is away"}
  - {finding: unserved-region, at: AT, reason: "no dealer in the south; west of it in German, English, Italian"}
  - {finding: unserved-region, at: BE, reason: "no dealer in the Ardennes; elsewhere in the dealers' languages"}
  - {finding: unserved-region, at: CH, reason: "no dealer in the Grisons; elsewhere in the dealers' languages"}
  - {finding: unserved-region, at: DE, reason: "no dealer in the north-east and on the Moselle"}
  - {finding: unserved-region, at: DK, reason: "no dealer on Bornholm; elsewhere in the dealers' languages"}
  - {finding: unserved-region, at: FR, reason: "no dealer in the middle and the south-west"}
  - {finding: unserved-region, at: GB, reason: "dealers in the south-east, the Midlands, the north, central Scotland"}
  - {finding: unserved-region, at: LU, reason: "lux-lu works in German, English and French"}
  - {finding: unserved-region, at: NL, reason: "no dealer in Zeeland and in part of Friesland"}
  - {finding: unserved-region, at: PL, reason: "Silesia only, so far"}
  - {finding: unserved-region, at: SE, reason: "Scania only, so far"}
"""
OFFICES = {"NL": "nl-office", "BE": "be-office", "DE": "de-office", "FR": "fr-bureau", "GB": "gb-office"}

# ---------------------------------------------------------------------------------------------
# Words: what the fictitious companies are called. Any likeness to a real one is chance.

LANGUAGE = {"NL": "nl", "BE": "nl", "LU": "fr", "DE": "de", "FR": "fr", "GB": "en", "AT": "de", "CH": "de"}
LANGUAGE |= {"DK": "da", "PL": "pl", "SE": "sv", "IT": "it", "ES": "es", "IE": "en"}
STEMS = {
    "nl": (
        (
            "Zilver Eiken Molen Wilgen Koper Noorder Riet Kranen Velder Heide Duin Vossen Reiger Linden Berken Klaver "
            "Grutto Zwaluw Blauw Wijde Anker Turf Oever Kievit Ganzen Elzen"
        ),
        "beemd horst donk waard kade voort broek akker schans kamp zijl hof stroom weide dreef meer",
    ),
    "de": (
        (
            "Falken Eichen Silber Kupfer Birken Mühl Stein Wald Reb Hasel Erlen Adler Sonnen Brunnen Kiesel Lerchen "
            "Tannen Moor Fichten Hirsch Weiden Ahorn Otter Dachs Amsel Ginster"
        ),
        "hain grund quell feld furt brück tal kamm rain werth höfe bach eck moos leite warte",
    ),
    "fr": (
        "Haute Belle Val Mont Roche Clair Font Bois Pré Vert Noir Franc Aigre Cler Sauve Mire Grand Neuve Champ Pont",
        "brise combe rive source lande lune ombre aubier ferrière chesnaie martre sillon mésange galet houle fougère",
    ),
    "en": (
        "Wren Alder Hazel Stone Copper Raven Thistle Marl Fern Otter Linnet Ash Bramble Heron Flint Rowan Sedge",
        "field combe wick holt mere dale worth ridge beck shaw stead croft ford leigh",
    ),
    "da": ("Ege Birke Strand Mølle Kobber Lærke Hede Klit", "holt vang bæk mose ager bakke sund"),
    "sv": ("Ek Björk Sten Lind Ask Tall Mossa", "vik ås ryd hult mark sjö"),
    "pl": ("Borow Lipow Dębow Jelen Sokol Olszan Wierzb", "ina ica owo ówka ex mir"),
    "it": ("Valle Monte Rocca Fonte Prato Colle", "chiara nera lunga verde alta serena"),
    "es": ("Val Monte Roca Fuente Prado Peña", "clara negra larga verde alta serena"),
}
# activity: weight, codes (NACE 2.1), whether it packs or presses, and its word in nl de fr en da sv pl it es
ACTIVITIES: tuple[tuple[float, str, str, str], ...] = (
    (7, "10.51 10.52", "pack", "Zuivel Molkerei Laiterie Dairy Mejeri Mejeri Mleczarnia Caseificio Lácteos"),
    (
        7,
        "10.71 10.72",
        "pack",
        "Bakkerij Backwaren Boulangerie Bakery Bageri Bageri Piekarnia Panificio Panadería",
    ),
    (6, "10.13 10.11", "pack", "Vlees Fleischwaren Salaisons Meats Kød Chark Wędliny Salumi Cárnicas"),
    (5, "10.39 10.31", "pack", "Groenten Gemüse Conserves Produce Grønt Grönsaker Warzywa Ortaggi Conservas"),
    (5, "11.05 11.07", "pack", "Dranken Getränke Boissons Brewing Drikke Dryck Napoje Bevande Bebidas"),
    (
        5,
        "17.21 17.25",
        "pack",
        "Karton Kartonagen Cartonnages Cartons Karton Kartong Karton Cartotecnica Cartón",
    ),
    (4, "20.41 20.59", "pack", "Chemie Chemie Chimie Chemicals Kemi Kemi Chemia Chimica Química"),
    (2.5, "21.20", "pack", "Farma Pharma Pharma Pharma Pharma Pharma Farmacja Farma Farma"),
    (
        6,
        "22.22 22.26",
        "pack",
        "Kunststof Kunststoff Plastiques Plastics Plast Plast Plastik Plastica Plásticos",
    ),
    (4, "24.10 24.20 24.51", "metal", "Staal Stahl Aciers Steel Stål Stål Stal Acciai Aceros"),
    (
        14,
        "25.11 25.53 25.40",
        "metal",
        "Metaal Metallbau Métal Metalworks Metal Metall Metal Metalli Metales",
    ),
    (
        6,
        "25.62 25.63 25.99",
        "metal",
        "Gereedschap Werkzeuge Outillage Tooling Værktøj Verktyg Narzędzia Utensili Útiles",
    ),
    (
        8,
        "28.29 28.41 28.93",
        "metal",
        "Machinebouw Maschinenbau Mécanique Engineering Maskin Maskin Maszyny Meccanica Máquinas",
    ),
    (
        5,
        "29.32",
        "metal",
        "Autodelen Fahrzeugteile Pièces Components Autodele Bildelar Części Ricambi Recambios",
    ),
    (
        5,
        "46.38 46.39",
        "pack",
        "Groothandel Großhandel Négoce Trading Engros Grossist Hurtownia Ingrosso Mayorista",
    ),
    (
        6,
        "52.10 52.25",
        "pack",
        "Logistiek Logistik Logistique Logistics Logistik Logistik Logistyka Logistica Logística",
    ),
)
WORDS = ["nl", "de", "fr", "en", "da", "sv", "pl", "it", "es"]
FORMS = {
    "NL": "BV BV BV B.V. NV VOF",
    "DE": "GmbH GmbH GmbH AG KG",
    "FR": "SARL SAS SAS SA",
    "GB": "Ltd Ltd Limited PLC",
    "LU": "SA S.A.",
    "AT": "GmbH",
    "DK": "ApS A/S",
    "SE": "AB",
    "IT": "S.r.l. S.p.A.",
    "ES": "S.L.",
    "IE": "Ltd",
}
# product: typical value in EUR; how often it is asked for by who packs and by who works metal
PRODUCTS = {
    "wrap-10": (9_000, 26, 3),
    "wrap-40": (68_000, 15, 1),
    "case-20": (42_000, 18, 1),
    "seal-5": (2_700, 24, 1),
    "press-200": (110_000, 1, 25),
    "press-500": (270_000, 0, 13),
    "bend-80": (84_000, 1, 26),
    "laser-3": (190_000, 0, 15),
}
SOURCES = {"website": 58, "mail": 15, "fair": 11, "phone": 9, "referral": 7}
CAMPAIGNS = {
    "website": "web-wrap-spring web-press-autumn search-wrap search-press search-bend video-case-20 web-configurator",
    "mail": "mail-laser-launch mail-trade-in newsletter-q1 newsletter-q3",
    "fair": "fair-voorbeeldbeurs fair-musterschau fair-exemplaire",
    "phone": "",
    "referral": "partner-days",
}
ROLES = {
    "nl": ("Inkoop Werkplaats Bedrijfsleiding", "inkoop info werkplaats"),
    "de": ("Einkauf Werkstatt Produktionsleitung", "einkauf info technik"),
    "fr": ("Achats Atelier Production", "achats contact atelier"),
    "en": ("Purchasing Workshop Operations", "purchasing info works"),
    "da": ("Indkøb", "indkoeb info"),
    "sv": ("Inköp", "inkop info"),
    "pl": ("Zakupy", "zakupy biuro"),
    "it": ("Acquisti", "acquisti info"),
    "es": ("Compras", "compras info"),
}
MESSAGES = {
    "nl": (
        "Graag een offerte voor {p}.",
        "Wat is de levertijd van {p}?",
        "Wij willen {p} zien draaien.",
        "Inruil mogelijk bij {p}?",
    ),
    "de": (
        "Bitte um ein Angebot für {p}.",
        "Lieferzeit {p}?",
        "Vorführung von {p} möglich?",
        "Wir ersetzen eine ältere Maschine; {p} passt?",
    ),
    "fr": (
        "Merci de nous envoyer une offre pour {p}.",
        "Quel délai pour {p} ?",
        "Peut-on voir {p} en marche ?",
    ),
    "en": (
        "Please quote for {p}.",
        "What is the lead time of {p}?",
        "Can we see {p} run?",
        "Two lines, three shifts; is {p} enough?",
    ),
    "da": ("Send venligst et tilbud på {p}.",),
    "sv": ("Skicka gärna en offert på {p}.",),
    "pl": ("Proszę o ofertę na {p}.",),
    "it": ("Vorremmo un'offerta per {p}.",),
    "es": ("Rogamos oferta para {p}.",),
}
LEAD_COLUMNS = (
    "id,received_at,company,country,postcode,city,lat,lon,sector,product,language,source,campaign,value,currency,"
    "employees,company_number,vat,domain,contact_name,email,phone,message,x_fleet,x_segment"
)

# ---------------------------------------------------------------------------------------------
# Chance: only `random.random()` is promised to give the same numbers in every Python version.


class Dice:
    """A seeded source of choices, so that one part can grow without moving the others."""

    def __init__(self, seed: str) -> None:
        self._next = random.Random(f"meridiaan {seed}").random

    def below(self, n: int) -> int:
        """A whole number from 0 up to n, n not included."""
        return int(self._next() * n)

    def hit(self, chance: float) -> bool:
        """True with this probability."""
        return self._next() < chance

    def pick(self, items: Sequence[T]) -> T:
        """One of these, all alike."""
        return items[self.below(len(items))]

    def weighted(self, pairs: Sequence[tuple[T, float]]) -> T:
        """One of these, by weight."""
        mark = self._next() * sum(weight for _, weight in pairs)
        for item, weight in pairs:
            mark -= weight
            if mark < 0:
                return item
        return pairs[-1][0]

    def spread(self, low: float, high: float) -> float:
        """A number between, small ones more often; by products only, which are alike on every machine."""
        chance = self._next()
        return low + (high - low) * chance * chance


# ---------------------------------------------------------------------------------------------
# Places


@dataclass(frozen=True)
class Place:
    """A postal code, as the source writes it, with the place it belongs to."""

    country: str
    postcode: str
    city: str
    lat: float
    lon: float

    def km(self, other: Place) -> float:
        """The distance along the sphere."""
        a, b = math.radians(self.lat), math.radians(other.lat)
        h = math.sin((a - b) / 2) ** 2
        h += math.cos(a) * math.cos(b) * math.sin(math.radians(self.lon - other.lon) / 2) ** 2
        return 12_742 * math.asin(math.sqrt(h))


def _geonames(country: str) -> list[Place]:
    with gzip.open(SOURCE / "postcodes" / f"{country.lower()}.csv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = []
    for row in rows:
        code = row["zipcode"]
        # London's EC1, SW1 and W1 are split into EC1A, SW1P and W1B: the bare code is no address.
        if country == "GB" and code in {"EC1", "EC2", "EC3", "EC4", "SW1", "W1", "WC1", "WC2"}:
            continue
        found.append(Place(country, code, row["place"], float(row["latitude"]), float(row["longitude"])))
    return found


def _cities() -> list[Place]:
    found = []
    for line in CITIES.split("\n"):
        if line:
            country, city, lat, lon, codes = line.split(";")
            words = codes.split()
            if country == "SE":
                words = [" ".join(pair) for pair in zip(words[::2], words[1::2], strict=True)]
            found += [Place(country, code, city, float(lat), float(lon)) for code in words]
    return found


class Atlas:
    """All places, by country and town."""

    def __init__(self) -> None:
        self.by_town: dict[tuple[str, str], list[Place]] = {}
        self.cedex: list[Place] = []
        for place in [*(p for c in ("NL", "BE", "LU", "DE", "FR", "GB") for p in _geonames(c)), *_cities()]:
            if "CEDEX" in place.postcode:
                self.cedex.append(place)
                continue
            if not place.postcode.startswith(NAMESAKES.get(f"{place.country} {place.city}", "")):
                continue
            if place.country == "GB":
                area = "@" + "".join(c for c in place.postcode[:2] if c.isalpha())
                self.by_town.setdefault(("GB", area), []).append(place)
            self.by_town.setdefault((place.country, place.city), []).append(place)

    def at(self, country: str, postcode: str, city: str) -> Place:
        """The place with this code in this town; KeyError if the source has none."""
        return next(p for p in self.by_town[country, city] if p.postcode == postcode)

    def somewhere(self, dice: Dice, country: str) -> Place:
        """A place in this country, by the weight of its towns."""
        pairs = []
        for item in TOWNS[country][1].split(";"):
            town, _, weight = item.partition(":")
            pairs.append((town, float(weight or 1)))
        return dice.pick(self.by_town[country, dice.weighted(pairs)])

    def anywhere(self, dice: Dice) -> Place:
        """A place in a country by its share of the leads."""
        return self.somewhere(dice, dice.weighted([(country, share) for country, (share, _) in TOWNS.items()]))


# ---------------------------------------------------------------------------------------------
# Companies. Their numbers have the right form and check digits, in ranges that no register has given out.


def _luhn(body: str) -> str:
    total = 0
    for i, c in enumerate(reversed(body)):
        digit = int(c) * (2 if i % 2 == 0 else 1)
        total += digit // 10 + digit % 10
    return body + str(-total % 10)


def _mod11(body: str, weights: Sequence[int]) -> int:
    return sum(int(c) * w for c, w in zip(body, weights, strict=True)) % 11


def _register_number(country: str, n: int) -> str:
    if country == "NL":
        return f"00{n * 37 % 1_000_000:06d}"
    if country == "BE":
        return f"01{n:06d}{97 - (1_000_000 + n) % 97:02d}"
    if country == "FR":
        return _luhn(f"0000{n:04d}")
    if country == "GB":
        return f"99{n:06d}"
    if country == "DK":
        body = next(b for b in (f"99{n * 3 + i:05d}" for i in range(3)) if _mod11(b, (2, 7, 6, 5, 4, 3, 2)) != 1)
        return body + str(-_mod11(body, (2, 7, 6, 5, 4, 3, 2)) % 11)
    return ""


def _vat_de(n: int) -> str:
    body, product = f"9{n:07d}", 10
    for c in body:
        total = (int(c) + product) % 10 or 10
        product = total * 2 % 11
    return f"DE{body}{(11 - product) % 10}"


def _vat_ch(n: int) -> str:
    weights = (5, 4, 3, 2, 7, 6, 5, 4)
    body = next(b for b in (f"99{n * 3 + i:06d}" for i in range(3)) if _mod11(b, weights) != 1)
    digits = body + str(-_mod11(body, weights) % 11)
    return f"CHE-{digits[:3]}.{digits[3:6]}.{digits[6:]}"


def _vat_at(n: int) -> str:
    body = f"00{n:05d}"
    doubled = [int(c) * (2 if i % 2 else 1) for i, c in enumerate(body)]
    return f"ATU{body}{-(sum(d // 10 + d % 10 for d in doubled) + 4) % 10}"


def _vat_pl(n: int) -> str:
    weights = (6, 5, 7, 2, 3, 4, 5, 6, 7)
    body = next(b for b in (f"00{n * 3 + i:07d}" for i in range(3)) if _mod11(b, weights) != 10)
    return f"PL{body}{_mod11(body, weights)}"


def _vat_number(country: str, n: int) -> str:
    number = _register_number(country, n)
    simple: dict[str, Callable[[int], str]] = {"DE": _vat_de, "CH": _vat_ch, "AT": _vat_at, "PL": _vat_pl}
    if country in simple:
        return simple[country](n)
    if country == "BE":
        return f"BE {number[:4]}.{number[4:7]}.{number[7:]}"
    if country == "FR":
        return f"FR{(12 + 3 * (int(number) % 97)) % 97:02d}{number}"
    if country == "DK":
        return f"DK{number}"
    if country == "LU":
        return f"LU00{n:04d}{n % 89:02d}"
    if country == "SE":
        return f"SE{_luhn(f'9999{n:05d}')}01"
    if country == "IT":
        return f"IT{_luhn(f'00{n:05d}999')}"
    return ""


LATIN: dict[int, str | int | None] = {ord("ß"): "ss", ord("ø"): "o", ord("æ"): "ae", ord("ł"): "l", ord("å"): "a"}


def _slug(text: str) -> str:
    text = text.lower().translate(LATIN)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "-".join("".join(c if c.isalnum() else " " for c in plain).split())


@dataclass
class Company:
    """A fictitious company at a real place."""

    name: str
    form: str
    place: Place
    language: str
    codes: tuple[str, ...]
    kind: str
    number: str
    vat: str
    domain: str
    leads: int = 0

    @property
    def full(self) -> str:
        """The name with its legal form."""
        return f"{self.name} {self.form}".strip()

    @property
    def country(self) -> str:
        """Where it is."""
        return self.place.country


def _language(place: Place, dice: Dice) -> str:
    """What is spoken there; in Brussels and Luxembourg one of several."""
    code = place.postcode.replace("L-", "")
    if place.country == "BE":
        if code < "1300":
            return dice.weighted([("fr", 6), ("nl", 4)])
        if "4700" <= code < "4800":
            return "de"
        home = "fr" if code < "1500" or "4000" <= code < "8000" else "nl"
        return dice.weighted([(home, 97), ("de", 3)])
    if place.country == "LU":
        return dice.weighted([("fr", 6), ("de", 4)])
    if place.country == "CH":
        if code[0] in "12":
            return "fr"
        return "it" if "6500" <= code < "7000" else dice.weighted([("de", 8), ("fr", 2)]) if code[0] == "3" else "de"
    return LANGUAGE[place.country]


def _form(place: Place, language: str, dice: Dice) -> str:
    if place.country == "BE":
        return dice.pick(("BV", "BV", "NV") if language == "nl" else ("SRL", "SRL", "SA"))
    if place.country == "CH":
        return dice.pick({"de": ("AG", "GmbH"), "fr": ("SA", "Sàrl"), "it": ("SA", "Sagl")}[language])
    return "sp. z o.o." if place.country == "PL" else dice.pick(FORMS[place.country].split())


class Register:
    """Makes companies; no two have a name, a number or a domain in common."""

    def __init__(self, atlas: Atlas) -> None:
        self.atlas = atlas
        self.dice = Dice("companies")
        self.taken: set[str] = set()

    def new(self, place: Place | None = None, activity: str = "", language: str = "") -> Company:
        """A new company, here and in this NACE class if it is said."""
        dice = self.dice
        where = place or self.atlas.anywhere(dice)
        speaks = language or _language(where, dice)
        rows = [(row, row[0]) for row in ACTIVITIES if not activity or activity in row[1]]
        _, codes, kind, words = dice.weighted(rows)
        while True:
            name = self._name(speaks, words.split()[WORDS.index(speaks)])
            domain = f"{_slug(name)}.example"
            if domain not in self.taken:
                break
        self.taken.add(domain)
        n = 4_000 + len(self.taken)
        own = tuple([activity] if activity else codes.split())
        form = _form(where, speaks, dice)
        return Company(
            name,
            form,
            where,
            speaks,
            own,
            kind,
            _register_number(where.country, n),
            _vat_number(where.country, n),
            domain,
        )

    def _name(self, language: str, word: str) -> str:
        first, second = (part.split() for part in STEMS[language])
        stem = (self.dice.pick(first) + self.dice.pick(second)).capitalize()
        return f"{word} {stem}" if language in {"fr", "it", "es"} else f"{stem} {word}"


# ---------------------------------------------------------------------------------------------
# Leads

Row = dict[str, str]


@dataclass
class Draft:
    """A lead before it has an id: when it came, what it says, and how the README calls it."""

    at: datetime
    row: Row
    company: Company | None = None
    label: str = ""


def iso(at: datetime) -> str:
    """ISO 8601 to the second, with the offset."""
    return at.isoformat(timespec="seconds")


def local(text: str) -> datetime:
    """A wall time in the plan's zone."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def _moment(dice: Dice, first: date, days: int, source: str) -> datetime:
    """An instant in office hours mostly; web forms come in the evening and at weekends too."""
    while True:
        day = first + timedelta(days=dice.below(days))
        if day.weekday() < 5 or dice.hit(0.25 if source == "website" else 0.02):
            break
    hour = 8 + dice.below(10) if dice.hit(0.82) or source != "website" else dice.below(24)
    wall = datetime(day.year, day.month, day.day, hour, dice.below(60), dice.below(60), tzinfo=ZONE)
    return wall.astimezone(UTC).astimezone(ZONE)  # a wall time in the gap of March moves forward


def _postcode(place: Place, dice: Dice) -> str:
    """The code as people write it. What follows the real outward or four-digit part is invented."""
    code, country = place.postcode, place.country
    if country == "NL" and dice.hit(0.7):
        letters = dice.pick("ABCDEGHJKLMNPRTVWXZ") + dice.pick("ABCEGHJKLMNPRTVWXZ")
        return dice.weighted([(f"{code} {letters}", 7), (f"{code}{letters}", 2), (f"{code} {letters.lower()}", 1)])
    if country == "LU":
        return dice.pick((code, code[2:], code.replace("-", "")))
    if country == "GB":
        inward = f"{1 + dice.below(9)}{dice.pick('ABDEFGHJLNPQRSTUWXYZ')}{dice.pick('ABDEFGHJLNPQRSTUWXYZ')}"
        return dice.weighted([(f"{code} {inward}", 80), (f"{code}{inward}", 12), (code, 8)])
    if country in {"PL", "SE"} and dice.hit(0.2):
        return code.replace("-", "").replace(" ", "")
    return "" if country == "IE" and dice.hit(0.5) else code


def _sector(company: Company, dice: Dice) -> str:
    if dice.hit(0.14):
        return ""
    code = dice.pick(company.codes)
    section = "G" if code[:2] == "46" else "H" if code[:2] == "52" else "C"
    return dice.weighted([(section + code, 50), (code, 25), (code.replace(".", ""), 12), (section + code[:4], 13)])


def _phone(country: str, dice: Dice) -> str:
    """Only numbers that the regulator has set aside for fiction."""
    n = dice.below(1_000)
    numbers = {
        "GB": f"+44 1632 960{n:03d}",
        "FR": f"+33 1 99 00 {n // 100:02d} {n % 100:02d}",
        "DE": f"+49 30 23125 {n:03d}",
        "SE": f"+46 31 390 06 {n % 100:02d}",
    }
    return numbers.get(country, "")


def _money(product: str, dice: Dice) -> str:
    typical = PRODUCTS[product][0] if product else 40_000
    value = typical * dice.spread(0.55, 1.8)
    step = 10 if value < 5_000 else 100 if value < 50_000 else 1_000
    return str(int(value // step * step))


def _name_as_written(company: Company, dice: Dice) -> str:
    """The same company, as another visitor writes it."""
    dotted = {"BV": "B.V.", "NV": "N.V.", "SA": "S.A.", "Ltd": "Limited"}.get(company.form, company.form)
    return dice.weighted(
        [
            (company.full, 70),
            (f"{company.name} {dotted}", 12),
            (company.name, 9),
            (company.full.lower(), 4),
            (company.full.upper(), 5),
        ]
    )


class Inbox:
    """Writes the leads of companies."""

    def __init__(self, name: str) -> None:
        self.dice = Dice(name)

    def lead(
        self, company: Company, at: datetime | None = None, *, known: bool = False, given: Row | None = None
    ) -> Draft:
        """A lead of this company; `known` makes it carry a key; `given` columns are as they are."""
        dice, fixed = self.dice, given or {}
        source = fixed.get("source") or dice.weighted(list(SOURCES.items()))
        when = at or _moment(dice, date(2027, 1, 1), 365, source)
        product = fixed.get("product", self._product(company))
        row = dict.fromkeys(LEAD_COLUMNS.split(","), "")
        row |= self._company(company, known)
        row |= self._wish(company, product, source)
        row |= fixed
        row["source"] = source
        zone = LONDON if company.country in {"GB", "IE"} else UTC if dice.hit(0.03) else ZONE
        row["received_at"] = iso(when.astimezone(zone)).replace("+00:00", "Z" if zone is UTC else "+00:00")
        company.leads += 1
        return Draft(when, row, company)

    def _product(self, company: Company) -> str:
        if self.dice.hit(0.05):
            return ""
        column = 1 if company.kind == "pack" else 2
        return self.dice.weighted([(name, PRODUCTS[name][column]) for name in PRODUCTS])

    def _company(self, company: Company, known: bool) -> Row:
        dice, place = self.dice, company.place
        mail = dice.hit(0.62)
        domain = company.domain if dice.hit(0.22) else ""
        number = company.number if dice.hit(0.3) else ""
        vat = company.vat if dice.hit(0.09 if company.number else 0.3) else ""
        if known and not (mail or domain or number or vat):
            mail = True
        shared = place.city in SHARES_POSITION or place.postcode[:2] in {"CB", "OX", "PR", "LN"}
        here = dice.hit(0.85 if shared else 0.33)
        name = _name_as_written(company, dice) if company.leads else company.full
        return {
            "company": name,
            "country": company.country,
            "postcode": _postcode(place, dice),
            "city": place.city if dice.hit(0.9) else "",
            "lat": f"{place.lat:.4f}" if here else "",
            "lon": f"{place.lon:.4f}" if here else "",
            "sector": _sector(company, dice),
            "company_number": number,
            "vat": vat,
            "domain": domain,
            "email": f"{dice.pick(ROLES[company.language][1].split())}@{company.domain}" if mail else "",
            "phone": _phone(company.country, dice) if dice.hit(0.3) else "",
        }

    def _wish(self, company: Company, product: str, source: str) -> Row:
        dice, language = self.dice, company.language
        campaigns = CAMPAIGNS[source].split()
        value = _money(product, dice) if dice.hit(0.55) else ""
        small = product == "seal-5" and source == "website" and dice.hit(0.06)
        tagged = campaigns and dice.hit(1 if source == "fair" else 0.4)
        text = dice.pick(MESSAGES[language]).format(p=product or "wrap-40") if dice.hit(0.24) else ""
        segment = dice.weighted([("oem", 40), ("contract", 30), ("retail", 15), ("export", 10), ("public", 5)])
        return {
            "product": product,
            "language": "" if dice.hit(0.08) else language,
            "campaign": "web-spare-parts" if small else dice.pick(campaigns) if tagged else "",
            "value": value,
            "currency": "EUR" if value and dice.hit(0.93) else "",
            "employees": str(int(dice.spread(3, 600))) if dice.hit(0.35) else "",
            "contact_name": dice.pick(ROLES[language][0].split()) if dice.hit(0.12) else "",
            "message": text,
            "x_fleet": str(int(dice.spread(1, 45))) if dice.hit(0.1) else "",
            "x_segment": segment if dice.hit(0.3) else "",
        }


# ---------------------------------------------------------------------------------------------
# Facts: claims, accounts, open work


@dataclass
class World:
    """Everything that is written, table by table."""

    atlas: Atlas
    register: Register
    dealers: list[Row] = field(default_factory=list)
    offices: dict[str, Place] = field(default_factory=dict)
    territories: list[Row] = field(default_factory=list)
    accounts: list[Row] = field(default_factory=list)
    registrations: list[Row] = field(default_factory=list)
    incumbents: list[Row] = field(default_factory=list)
    leads: list[Draft] = field(default_factory=list)
    past: list[Row] = field(default_factory=list)
    choices: list[Row] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)

    def nearby(self, place: Place) -> list[str]:
        """The dealers, nearest first."""
        return sorted(self.offices, key=lambda name: (round(self.offices[name].km(place), 3), name))


def _keys(company: Company, dice: Dice) -> Row:
    """A company as a back office knows it: number, VAT or domain, mostly two of them."""
    vat = company.vat if not company.number or dice.hit(0.25) else ""
    keys = {"company_number": company.number, "vat": vat, "domain": company.domain}
    if company.number and dice.hit(0.3):
        keys["domain"] = ""
    elif dice.hit(0.2):
        keys |= {"company_number": "", "vat": ""}
    return {"company": company.full, "country": company.country, **keys}


def _written_keys(draft: Draft, keys: Row) -> Draft:
    """Make sure that the lead carries a key that the table has, so that it can be found."""
    company = draft.company
    assert company is not None
    row = draft.row
    shown = {"company_number": row["company_number"], "vat": row["vat"]}
    shown["domain"] = row["domain"] or row["email"].partition("@")[2]
    if not any(shown[k] and shown[k] == keys[k] for k in shown):
        if keys["domain"]:
            row["email"] = f"info@{company.domain}"
        elif keys["company_number"]:
            row["company_number"] = keys["company_number"]
        else:
            row["vat"] = keys["vat"]
    return draft


def make_dealers(world: World) -> None:
    """`dealers.csv`."""
    names = "id name country postcode city serves_languages serves_products max_open max_per_30_days active_from"
    for line in DEALERS.strip().split("\n"):
        row = dict(zip([*names.split(), "active_until", "paused"], line.split("|"), strict=True))
        office = world.atlas.at(row["country"], row["postcode"], row["city"])
        world.offices[row["id"]] = office
        degrees = {"lat": f"{office.lat:.4f}", "lon": f"{office.lon:.4f}"}
        world.dealers.append({**row, "kind": "dealer", **degrees, "calendar": OFFICES.get(row["country"], "")})
    world.dealers += [{"id": name, "name": title, "kind": "house"} for name, title in HOUSES]


def make_territories(world: World) -> None:
    """`territories.csv`."""
    for name, dealers, country, postcodes, more in TERRITORIES:
        world.territories.append({"id": name, "dealers": dealers, "country": country, "postcodes": postcodes, **more})


def _served(register: Register) -> Company:
    """A new company in a country that has dealers."""
    while True:
        company = register.new()
        if company.country not in {"ES", "IE", "IT"}:
            return company


def make_accounts(world: World) -> None:
    """`accounts.csv`, and the year's leads of those companies."""
    dice, inbox = Dice("accounts"), Inbox("account leads")
    for n in range(1, 31):
        company = _served(world.register)
        holder = "key-accounts" if n % 4 == 0 else world.nearby(company.place)[dice.weighted([(0, 6), (1, 3), (2, 1)])]
        if holder == "provence-fr":
            holder = "rhone-fr"
        row = {"id": f"A{n:02d}", "holder": holder, **_keys(company, dice), "postcode": company.place.postcode}
        row |= {"valid_from": "", "valid_until": ""}
        if n in {5, 17}:
            row["valid_until"] = HANDOVER
        if n in {9, 22}:
            row["valid_from"] = "2027-04-01"
        world.accounts.append(row)
        for _ in range(2 + dice.below(4)):
            world.leads.append(_written_keys(inbox.lead(company, known=True), row))


def make_incumbents(world: World) -> None:
    """`facts/incumbents.csv`: who has an open lead of a company from before the year."""
    dice, inbox = Dice("incumbents"), Inbox("incumbent leads")
    for _ in range(20):
        company = _served(world.register)
        since = _moment(dice, date(2026, 3, 1), 300, "phone")
        dealer = world.nearby(company.place)[dice.weighted([(0, 7), (1, 2), (2, 1)])]
        row = {**_keys(company, dice), "dealer": dealer, "since": iso(since)}
        world.incumbents.append(row)
        for _ in range(1 + dice.below(2)):
            world.leads.append(_written_keys(inbox.lead(company, known=True), row))


STATUSES = ("approved",) * 45 + ("submitted",) * 4 + ("rejected",) * 3 + ("expired",) * 3 + ("returned", "withdrawn")


def _claim(world: World, company: Company, dealer: str, asked: datetime, days: int, dice: Dice, **more: str) -> Row:
    """A registration; decided within days where it was decided."""
    status = more.pop("status", "approved")
    decided = asked + timedelta(hours=5 + dice.below(90))
    row = {"id": f"R{len(world.registrations) + 1:03d}", "dealer": dealer, **_keys(company, dice)}
    row |= {"postcode": company.place.postcode, "city": company.place.city, "products": "", "status": status}
    row |= {"submitted_at": iso(asked), "decided_at": "", "expires_at": ""}
    if row["domain"] and dice.hit(0.4):
        row["email"] = f"{ROLES[company.language][1].split()[0]}@{company.domain}"
    if status not in {"submitted", "withdrawn"}:
        row["decided_at"] = iso(decided.astimezone(UTC).astimezone(ZONE))
    if status in {"approved", "expired"}:
        end = (decided + timedelta(days=days)).astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
        row["expires_at"] = iso(end)
    row |= more
    world.registrations.append(row)
    return row


def make_registrations(world: World) -> None:
    """`facts/registrations.csv`, and the leads that come in for those prospects."""
    dice, inbox = Dice("registrations"), Inbox("claimed leads")
    for n, status in enumerate(STATUSES):
        company = _served(world.register)
        dealer = world.nearby(company.place)[dice.weighted([(0, 45), (1, 30), (2, 15), (3, 10)])]
        early = status == "expired"
        asked = _moment(dice, date(2026, 1, 5) if early else date(2026, 10, 1), 90 if early else 230, "phone")
        short = n % 7 == 3
        days = 180 if early else (120 + dice.below(60)) if short else 270 + dice.below(95)
        limited = {"products": "press-200; press-500; bend-80" if company.kind == "metal" else "wrap-10; wrap-40"}
        row = _claim(world, company, dealer, asked, days, dice, status=status, **(limited if n % 11 == 5 else {}))
        for _ in range(1 + dice.below(3) if status != "approved" else 3 + dice.below(3)):
            world.leads.append(_written_keys(inbox.lead(company, _in_claim(dice, row), known=True), row))


def _in_claim(dice: Dice, row: Row) -> datetime:
    """Mostly an instant at which the claim stands, and always one in the year."""
    if row["status"] != "approved" or dice.hit(0.1):
        return _moment(dice, date(2027, 1, 1), 365, "website")
    first = max(datetime.fromisoformat(row["decided_at"]), local("2027-01-01T00:00:00")).date() + timedelta(days=1)
    last = min(datetime.fromisoformat(row["expires_at"]), local("2028-01-01T00:00:00")).date()
    return _moment(dice, first, max((last - first).days, 1), "website")


def make_returning(world: World) -> None:
    """Companies that ask more than once."""
    dice, inbox = Dice("returning"), Inbox("returning leads")
    for _ in range(142):
        company = world.register.new()
        keys = _keys(company, dice)
        first = _moment(dice, date(2027, 1, 1), 250, "website")
        for n in range(2 + dice.weighted([(0, 5), (1, 3), (2, 2)])):
            at = _moment(dice, first.date(), 20 + 90 * n, "website") if n else first
            if at.year == 2027:
                world.leads.append(_written_keys(inbox.lead(company, at, known=True), keys))


# ---------------------------------------------------------------------------------------------
# The leads that the documentation tells about


class Stage:
    """Puts single leads into the year, each with a name for the README."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.dice = Dice("stage")
        self.inbox = Inbox("staged leads")

    def company(self, country: str, postcode: str, city: str, activity: str = "25.53", language: str = "") -> Company:
        """A new company just there."""
        speaks = language or ("nl" if country == "BE" else "")
        return self.world.register.new(self.world.atlas.at(country, postcode, city), activity, speaks)

    def lead(self, label: str, company: Company, at: str | datetime, **fixed: str) -> Draft:
        """One lead, plain unless said otherwise: full sector, the company's own domain, no wish that a rule takes."""
        when = datetime.fromisoformat(at) if isinstance(at, str) else at
        when = when if when.tzinfo else when.replace(tzinfo=ZONE)
        code = company.codes[0]
        plain = {"sector": f"{'G' if code[:2] == '46' else 'H' if code[:2] == '52' else 'C'}{code}"}
        plain |= {"product": "press-200", "source": "website", "campaign": "", "value": "96000", "currency": "EUR"}
        plain |= {"x_fleet": "", "x_segment": "", "domain": company.domain, "language": company.language}
        plain |= {"company": company.full, "email": f"info@{company.domain}"}
        plain |= {"company_number": "", "vat": "", "lat": "", "lon": "", "message": "", "phone": ""}
        draft = self.inbox.lead(company, when, given=plain | fixed)
        draft.label = label
        self.world.leads.append(draft)
        return draft

    def here(self, company: Company) -> Row:
        """The position, as columns."""
        return {"lat": f"{company.place.lat:.4f}", "lon": f"{company.place.lon:.4f}"}


def _stage_claims(stage: Stage) -> None:
    world, dice = stage.world, stage.dice
    claim = stage.company("NL", "3011", "Rotterdam")
    _claim(world, claim, "antwerp-b", local("2027-01-11T10:00:00"), 300, dice)
    world.registrations[-1]["domain"] = claim.domain
    stage.lead("claim-beats-territory", claim, "2027-02-09T11:20:00")

    gone = stage.company("FR", "13100", "Aix-en-Provence")
    _claim(world, gone, "provence-fr", local("2027-03-02T09:30:00"), 330, dice)
    world.registrations[-1]["domain"] = gone.domain
    stage.lead("claimant-here", gone, "2027-09-14T15:05:00")
    stage.lead("claimant-gone", gone, "2027-10-12T09:40:00")

    narrow = stage.company("DE", "70327", "Stuttgart")
    _claim(world, narrow, "isar-de", local("2027-01-20T14:00:00"), 340, dice, products="wrap-10; wrap-40")
    world.registrations[-1]["domain"] = narrow.domain
    stage.lead("claim-of-other-product", narrow, "2027-05-11T08:15:00", product="press-200")
    stage.lead("claim-of-this-product", narrow, "2027-05-12T08:15:00", product="wrap-40")

    twice = stage.company("BE", "9000", "Gent")
    for dealer, keys in (("antwerp-a", {"domain": ""}), ("gent-be", {"company_number": "", "vat": ""})):
        _claim(world, twice, dealer, local(f"2027-02-0{len(keys)}T10:00:00"), 330, dice)
        world.registrations[-1] |= {"company_number": twice.number, "vat": "", "domain": twice.domain} | keys
        world.registrations[-1]["email"] = ""
    stage.lead("two-claims", twice, "2027-04-20T10:10:00", company_number=twice.number)

    over = stage.company("GB", "M12", "Levenshulme")
    _claim(world, over, "mercia-gb", local("2026-11-03T10:00:00"), 150, dice)
    world.registrations[-1]["domain"] = over.domain
    stage.lead("claim-run-out", over, "2027-06-08T10:00:00+01:00")


def _stage_territories(stage: Stage) -> None:
    for n, city in enumerate(("2030", "2050", "2018"), 1):
        antwerp = stage.company("BE", city, "Antwerpen")
        stage.lead(f"shared-{n}", antwerp, f"2027-01-01T08:{n}5:00")
    again = stage.company("NL", "3029", "Rotterdam")
    stage.lead("rotterdam-first", again, "2027-03-15T09:00:00", postcode="3029 AK", company_number=again.number)
    stage.lead("rotterdam-again", again, "2027-04-06T16:30:00", postcode="3029AK", company_number=again.number)
    for when, label in (("2027-06-30T23:59:59", "before-handover"), ("2027-07-01T00:00:00", "after-handover")):
        stage.lead(label, stage.company("NL", "3511", "Utrecht"), when)
    for when, label in (("2027-03-31T17:45:00", "before-joining"), ("2027-04-01T08:10:00", "after-joining")):
        stage.lead(label, stage.company("DE", "30165", "Hannover"), when)
    wine = stage.company("NL", "6711", "Ede", "10.71")
    stage.lead("cannot-be-compared", wine, "2027-02-16T13:00:00", product="wrap-10", value="8400")
    stage.lead(
        "exclusive", stage.company("LU", "L-4530", "Differdange", "24.10"), "2027-05-19T10:00:00", postcode="4530"
    )
    stage.lead("pharma", stage.company("CH", "4057", "Basel", "21.20"), "2027-03-09T10:00:00", product="case-20")
    stage.lead("no-language", stage.company("CH", "3011", "Bern"), "2027-04-13T10:00:00", language="")
    stage.lead("twice-half-past-two-a", stage.company("NL", "9712", "Groningen"), "2027-10-31T02:30:00+02:00")
    stage.lead("twice-half-past-two-b", stage.company("NL", "9712", "Groningen"), "2027-10-31T02:30:00+01:00")


def _stage_nested(stage: Stage) -> None:
    smaller = (
        ("DE", "47059", "Duisburg", "24.10", "de-ruhr-steel"),
        ("DE", "70327", "Stuttgart", "29.32", "de-stuttgart-auto"),
        ("DE", "52062", "Aachen", "25.53", "de-aachen"),
        ("BE", "2030", "Antwerpen", "20.59", "be-antwerp-port"),
        ("FR", "94150", "Rungis", "46.38", "fr-rungis"),
    )
    for day, (country, postcode, city, activity, territory) in enumerate(smaller, 11):
        stage.lead(territory, stage.company(country, postcode, city, activity), f"2027-11-{day}T14:00:00")


def _stage_gaps(stage: Stage) -> None:
    stage.lead("nobody-serves", stage.company("ES", "28001", "Madrid"), "2027-02-24T12:00:00")
    for n in range(1, 6):
        glasgow = stage.company("GB", "G51", "Govan")
        label = "full-dealer" if n == 5 else f"filling-{n}"
        stage.lead(label, glasgow, f"2027-09-{12 + n}T10:30:00+01:00", postcode=f"G51 {n}AB")
    summer = stage.company("DE", "80339", "München")
    stage.lead("paused-dealer", summer, "2027-08-10T11:00:00")
    for label, fixed in (("no-share-far", {}), ("no-share-near", {"near": "1"})):
        hasselt = stage.company("BE", "3500", "Hasselt")
        place = stage.here(hasselt) if fixed else {}
        stage.lead(label, hasselt, f"2027-05-0{4 + len(fixed)}T10:00:00", **place)
    trier = stage.company("DE", "54290", "Trier")
    stage.lead("over-the-border", trier, "2027-06-15T10:00:00", **stage.here(trier))
    august = stage.company("BE", "2060", "Antwerpen")
    stage.lead("august-rule", august, "2027-08-18T10:00:00")
    ruhr = stage.company("DE", "45141", "Essen")
    stage.lead("hops-exhausted", ruhr, "2027-07-20T10:00:00")
    stage.lead("declined-once", stage.company("DE", "44137", "Dortmund"), "2027-07-21T10:00:00")


def make_late(world: World) -> None:
    """The last two leads of the year, in place of two others: a customer's own choice, and a claim in doubt."""
    stage = Stage(world)
    del world.leads[-2:]
    chosen = stage.company("NL", "5611", "Eindhoven")
    _claim(world, chosen, "antwerp-b", local("2027-11-02T10:00:00"), 120, stage.dice)
    world.registrations[-1] |= {"domain": chosen.domain, "email": ""}
    stage.lead("customers-choice", chosen, "2027-12-31T16:10:00")
    doubt = stage.company("NL", "3011", "Rotterdam")
    _claim(world, doubt, "brabant-nl", local("2027-11-03T10:00:00"), 120, stage.dice)
    code = f"{doubt.place.postcode[:4]} AB"
    blank = {"company_number": "", "vat": "", "domain": "", "email": ""}
    world.registrations[-1] |= blank | {"company": f"{doubt.name} NV", "postcode": code}
    lead = stage.lead("claim-in-doubt", doubt, "2027-12-31T16:40:00", **blank, postcode=code)
    lead.row["company"] = f"{doubt.name} BV"


def make_staged(world: World) -> None:
    """The staged leads, with the claims they need."""
    stage = Stage(world)
    _stage_claims(stage)
    _stage_territories(stage)
    _stage_nested(stage)
    _stage_gaps(stage)


# ---------------------------------------------------------------------------------------------
# What web forms and spreadsheets make of it

Spoil = tuple[int, str, str]  # how many leads, column, what it says; `{}` is what stood there
SPOILED: tuple[Spoil, ...] = (
    (3, "postcode", "n/a"),
    (1, "postcode", "????"),
    (1, "postcode", "-"),
    (1, "postcode", "see message"),
    (1, "postcode", "1234567890123"),
    (3, "country", "XX"),
    (3, "country", ""),
    (4, "country", "@lower"),
    (1, "country", "Benelux"),
    (1, "city", "n/a"),
    (2, "phone", "n/a"),
    (1, "phone", "@none"),
    (4, "sector", "nace-2:45.11"),
    (1, "sector", "nace-2:28.92"),
    (2, "sector", "Z99.9"),
    (1, "sector", "machinebouw"),
    (2, "value", "abc"),
    (1, "value", "85.000,00"),
    (1, "value", "-5"),
    (1, "value", "NaN"),
    (1, "value", "1e400"),
    (3, "currency", "USD"),
    (2, "currency", "GBP"),
    (1, "currency", "CHF"),
    (1, "currency", "euro's"),
    (1, "received_at", "@naive"),
    (1, "received_at", "@space"),
    (1, "received_at", "@day"),
    (1, "received_at", "yesterday"),
    (1, "received_at", "0000-00-00T00:00:00Z"),
    (1, "lat", "95"),
    (1, "lat", "@comma"),
    (1, "lon", "@gone"),
    (1, "lat", "N 51 55"),
    (2, "employees", "50-100"),
    (1, "employees", "about 30"),
    (1, "language", "Nederlands"),
    (4, "language", "@region"),
    (2, "email", "info(at){}.example"),
    (1, "email", "n/a"),
    (1, "x_fleet", "veel"),
    (1, "x_fleet", "3.5"),
    (1, "company_number", "onbekend"),
    (1, "vat", "0"),
    (2, "product", "press-9000"),
    (2, "postcode", "@prefix"),
    (3, "postcode", "@spread"),
    (2, "postcode", "@fullwidth"),
    (2, "postcode", "@zero"),
    (3, "company", "@mojibake"),
    (1, "company", "@marks"),
    (1, "company", "@rtl"),
    (1, "company", "@quotes"),
    (1, "message", "@lines"),
)


def _spoiled(how: str, row: Row, at: datetime) -> Row | None:
    """The columns as they will read; None where this row is not one to which it can happen."""
    code, country, name = row["postcode"], row["country"], row["company"]
    wide = str.maketrans({str(n): chr(0xFF10 + n) for n in range(10)})  # full-width digits
    ways: dict[str, Row | None] = {
        "@lower": {"country": country.lower()},
        "@none": {"phone": "0000000000"},
        "@naive": {"received_at": at.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M:%S")},
        "@space": {"received_at": at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")},
        "@day": {"received_at": at.astimezone(ZONE).strftime("%d/%m/%Y")},
        "@comma": {"lat": row["lat"].replace(".", ","), "lon": row["lon"].replace(".", ",")} if row["lat"] else None,
        "@gone": {"lon": ""} if row["lon"] else None,
        "@region": {"language": f"{row['language']}-{country}"} if row["language"] else None,
        "@prefix": {"postcode": f"{country[0]}-{code}"} if country in {"BE", "DE"} else None,
        "@spread": {"postcode": f" {code[:2]} {code[2:]} "}
        if country in {"NL", "DE", "FR"} and len(code) < 6
        else None,
        "@fullwidth": {"postcode": code.translate(wide)} if country in {"NL", "BE", "DE"} else None,
        "@zero": {"postcode": code.lstrip("0")} if country == "DE" and code[0] == "0" else None,
        "@mojibake": {"company": name.encode().decode("cp1252", "replace")} if not name.isascii() else None,
        "@marks": {"company": "".join(f"{c}\u0301\u0316" for c in name)},
        "@rtl": {"company": f"\u202e{name}\u202c \u200b\U0001f4e6"},
        "@quotes": {"company": f'"{name}", {row["city"] or country}'},
        "@lines": {"message": 'Offerte graag;\n\n  1x wrap-10, 1x seal-5\n\t("zo snel mogelijk")'},
    }
    return ways[how]


def spoil(world: World) -> None:
    """Spoil some of the plain leads; and give some French ones the CEDEX code of their town."""
    dice = Dice("spoilt")
    plain = [d for d in world.leads if d.company and d.company.leads == 1 and not d.label]
    used: set[int] = set()
    for count, column, text in SPOILED:
        left = count
        while left:
            n = dice.below(len(plain))
            row = plain[n].row
            change = _spoiled(text, row, plain[n].at) if text.startswith("@") else {column: text.format(row["domain"])}
            if n in used or change is None or (column in {"sector", "postcode", "city"} and not row[column]):
                continue
            used.add(n)
            left -= 1
            row |= change
            if column == "currency" and not row["value"]:
                row["value"] = "45000"
    towns = {p.city: p for p in world.atlas.cedex}
    for n, draft in enumerate(plain):
        place = towns.get(draft.row["city"]) if draft.row["country"] == "FR" else None
        if place and n not in used and dice.hit(0.12):
            draft.row["postcode"] = place.postcode


# ---------------------------------------------------------------------------------------------
# Order, ids, and what hangs on them


MONTHS = (176, 174, 190, 184, 180, 186, 162, 158, 192, 196, 188, 174)


def number(world: World) -> None:
    """Fill up to the year's number, put in order of arrival, give ids: two are missing, two repeat."""
    dice, inbox = Dice("order"), Inbox("single leads")
    had = Counter(draft.at.astimezone(ZONE).month for draft in world.leads)
    for month, wanted in enumerate(MONTHS, 1):
        first = date(2027, month, 1)
        days = ((date(2027, month + 1, 1) if month < 12 else date(2028, 1, 1)) - first).days
        for _ in range(had[month], wanted):
            world.leads.append(inbox.lead(world.register.new(), _moment(dice, first, days, "website")))
    make_late(world)
    spoil(world)
    order = sorted(range(ROWS), key=lambda n: (world.leads[n].at, n))
    world.leads = [world.leads[n] for n in order]
    for _ in range(20):  # a mail that was imported some days late
        n = 50 + dice.below(ROWS - 200)
        world.leads.insert(n + 10 + dice.below(60), world.leads.pop(n))
    for n, draft in enumerate(world.leads, 1):
        draft.row["id"] = f"L{n:04d}"
        if draft.label:
            world.labels[draft.label] = draft.row["id"]
    plain = [d for d in world.leads if d.company and d.company.leads == 1 and not d.label]
    for n, draft in enumerate(plain[n] for n in (311, 702, 1003, 1204)):
        draft.row["id"] = "" if n < 2 else plain[300 * n].row["id"]


PAST = (
    ("hops-exhausted", "ruhr-a", "declined"),
    ("hops-exhausted", "rhein-de", "withdrawn"),
    ("hops-exhausted", "main-de", "declined"),
    ("declined-once", "ruhr-a", "declined"),
    ("declined-once", "thames-gb", "excluded"),
)


def make_past(world: World) -> None:
    """`facts/past_holders.csv`: leads that come back in, and whom they shall not go to again."""
    dice = Dice("past")
    world.choices = [
        {"id": "C001", "lead": world.labels["customers-choice"], "dealer": "brabant-nl", "evidence": "letter-114"}
        | {"actor": "sales-desk", "chosen_at": "2027-12-30T11:00:00+01:00"}
    ]
    world.past = [{"lead": world.labels[label], "dealer": dealer, "why": why} for label, dealer, why in PAST]
    wanted = (("NL", "30", "amstel-nl"), ("BE", "20", "antwerp-a"), ("FR", "75", "seine-a"), ("DE", "45", "ruhr-b"))
    whys = ("declined", "withdrawn", "excluded", "declined")
    for n, (country, start, dealer) in enumerate(wanted * 3):
        while True:
            draft = dice.pick(world.leads)
            row = draft.row
            new = row["id"] and row["id"] not in {past["lead"] for past in world.past}
            plain = not draft.label and draft.company is not None and draft.company.leads == 1
            if new and plain and row["country"] == country and row["postcode"].startswith(start):
                break
        world.past.append({"lead": row["id"], "dealer": dealer, "why": whys[n % 4]})


def counts(world: World) -> list[Row]:
    """`facts/counts.csv`: where each dealer stands when the year begins."""
    dice = Dice("counts")
    rows = []
    for dealer in world.dealers:
        if dealer["kind"] == "dealer" and dealer["id"] != "leine-de":
            capped = bool(dealer["max_per_30_days"])
            recent = dice.below(2) if capped else dice.below(6)
            row = {
                "dealer": dealer["id"],
                "open": str(recent + dice.below(9)),
                "last_30_days": "0" if capped else str(recent),
            }
            rows.append(row)
    return rows


SHARES = "alsace-fr:0.9 antwerp-b:0.8 brabant-nl:1.1 delta-nl:1.2 limburg-be:0 mercia-gb:0.75 ruhr-b:1.25 seine-a:1.5"
LEDGERS = (("antwerp", "antwerp-a", "-250000"), ("antwerp", "antwerp-b", "250000"))

# ---------------------------------------------------------------------------------------------
# Files

COLUMNS = {
    "dealers.csv": "id,name,kind,country,postcode,city,lat,lon,calendar,serves_languages,serves_products,max_open,"
    "max_per_30_days,active_from,active_until,paused",
    "territories.csv": "id,dealers,country,postcodes,geohashes,sectors,products,languages,priority,exclusive,ledger,"
    "valid_from,valid_until",
    "accounts.csv": "id,holder,company,country,company_number,vat,domain,postcode,valid_from,valid_until",
    "leads.csv": LEAD_COLUMNS,
    "facts/registrations.csv": "id,dealer,company,country,company_number,vat,domain,email,postcode,city,products,"
    "status,submitted_at,decided_at,expires_at",
    "facts/incumbents.csv": "company,country,company_number,vat,domain,dealer,since",
    "facts/counts.csv": "dealer,open,last_30_days",
    "facts/ledgers.csv": "ledger,dealer,credit",
    "facts/shares.csv": "dealer,share",
    "facts/past_holders.csv": "lead,dealer,why",
    "facts/choices.csv": "id,lead,dealer,evidence,actor,chosen_at",
}


def _table(columns: str, rows: Iterable[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns.split(","), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def make() -> World:
    """The whole example, in memory."""
    atlas = Atlas()
    world = World(atlas, Register(atlas))
    make_dealers(world)
    make_territories(world)
    make_accounts(world)
    make_incumbents(world)
    make_registrations(world)
    make_staged(world)
    make_returning(world)
    number(world)
    make_past(world)
    return world


def files(world: World) -> dict[str, str]:
    """Each file's text by its path."""
    tables: dict[str, list[Row]] = {
        "dealers.csv": world.dealers,
        "territories.csv": world.territories,
        "accounts.csv": world.accounts,
        "leads.csv": [draft.row for draft in world.leads],
        "facts/registrations.csv": world.registrations,
        "facts/incumbents.csv": world.incumbents,
        "facts/counts.csv": counts(world),
        "facts/ledgers.csv": [dict(zip(("ledger", "dealer", "credit"), row, strict=True)) for row in LEDGERS],
        "facts/shares.csv": [dict(zip(("dealer", "share"), s.split(":"), strict=True)) for s in SHARES.split()],
        "facts/past_holders.csv": world.past,
        "facts/choices.csv": world.choices,
    }
    texts = {name: _table(COLUMNS[name], rows) for name, rows in tables.items()}
    return {"plan.yaml": PLAN, "README.md": readme(world, tables), **texts}


# ---------------------------------------------------------------------------------------------
# Self-check: plain comparisons, so that nothing here leans on the library that will read the files


def _items(cell: str) -> list[str]:
    return [item.strip() for item in cell.split(";") if item.strip()]


def _plain(code: str) -> str:
    return "".join(c for c in code.upper().partition(" CEDEX")[0] if c.isalnum())


def _split(code: str) -> tuple[str, int]:
    """Letters and number of a range end: `SW7` is (`SW`, 7), `200 00` is (``, 20000)."""
    text = _plain(code)
    digits = text.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return text[: len(text) - len(digits)], int(digits)


def _outward(code: str, country: str) -> str:
    text = _plain(code).removeprefix("L") if country == "LU" else _plain(code)
    if country == "NL":
        return text[:4]
    return text[:-3] if country == "GB" and len(text) > 4 else text


def _in_postcodes(code: str, country: str, cell: str) -> bool:
    text = _outward(code, country)
    for item in _items(cell):
        first, dots, last = item.partition("..")
        if item.endswith("*"):
            if text.startswith(_plain(item)):
                return True
        elif dots and text and text[-1].isdigit() and text.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ").isdigit():
            (letters, low), (_, high), (mine, n) = _split(first), _split(last), _split(text)
            if mine == letters and low <= n <= high:
                return True
    return False


def _inside(row: Row, territory: Row, day: str) -> bool:
    """Whether a lead lies in a territory, geohashes left out."""
    section = row["sector"].replace(".", "")
    section = section if section[:1].isalpha() else f"C{section}" if section else ""
    sectors = [code.replace(".", "") for code in _items(territory.get("sectors", ""))]
    return (
        (not territory["country"] or territory["country"] == row["country"].upper())
        and (not territory["postcodes"] or _in_postcodes(row["postcode"], row["country"], territory["postcodes"]))
        and "geohashes" not in territory
        and (not sectors or any(section.startswith(code) for code in sectors))
        and ("products" not in territory or row["product"] in _items(territory["products"]))
        and ("languages" not in territory or row["language"][:2] in _items(territory["languages"]))
        and territory.get("valid_from", "")[:10] <= day
        and (not territory.get("valid_until") or day < territory["valid_until"][:10])
    )


def _sector_codes() -> set[str]:
    with gzip.open(SOURCE / "sectors" / "nace_rev2_1.csv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    parent = {row["code"]: row["parent"] for row in rows}
    known = set(parent)
    for code in list(known):
        top = code
        while parent[top]:
            top = parent[top]
        known.add(code if code == top else top + code)
    return known


def check(world: World, texts: dict[str, str]) -> list[str]:
    """What does not fit together; empty if all is well."""
    wrong: list[str] = []
    known = {row["id"] for row in world.dealers}
    named = [d.partition(":")[0] for t in world.territories for d in _items(t["dealers"])]
    named += [row["holder"] for row in world.accounts]
    named += [row["dealer"] for row in [*world.registrations, *world.incumbents, *world.past]]
    named += [share.partition(":")[0] for share in SHARES.split()]
    wrong += [f"unknown dealer {name}" for name in sorted(set(named) - known)]
    wrong += [f"no calendar {name}" for name in OFFICES.values() if f"\n  {name}:\n" not in texts["plan.yaml"]]
    codes = _sector_codes()
    used = {code for t in world.territories for code in _items(t.get("sectors", ""))}
    used |= {code for row in ACTIVITIES for code in row[1].split()}
    wrong += [f"unknown sector {code}" for code in sorted(used) if code.replace(".", "") not in codes]
    asked = {p for t in world.territories for p in _items(t.get("products", ""))}
    asked |= {p for row in [*world.registrations, *world.dealers] for p in _items(row.get("products", ""))}
    wrong += [f"unknown product {name}" for name in sorted(asked - set(PRODUCTS))]
    for t in world.territories:
        for first, dots, last in (item.partition("..") for item in _items(t["postcodes"])):
            if dots and (_split(first)[0] != _split(last)[0] or _split(first)[1] > _split(last)[1]):
                wrong.append(f"territory {t['id']}: {first}..{last} runs backwards")
        if (t["postcodes"] or "geohashes" in t) and len(_items(t["country"])) != 1:
            wrong.append(f"territory {t['id']}: not exactly one country")
    wrong += _equal_parts(world.territories)
    if len(world.leads) != ROWS:
        wrong.append(f"{len(world.leads)} leads")
    ids = Counter(draft.row["id"] for draft in world.leads)
    if ids[""] != 2 or sum(1 for name, n in ids.items() if name and n == 2) != 2 or max(ids.values()) > 2:
        wrong.append("not two missing and two repeated ids")
    wrong += [f"past holder of unknown lead {row['lead']}" for row in world.past if ids[row["lead"]] != 1]
    size = sum(len(text.encode()) for text in texts.values())
    if size > 700_000:
        wrong.append(f"{size:,} bytes")
    return wrong


def _equal_parts(territories: Sequence[Row]) -> list[str]:
    wrong = []
    for n, a in enumerate(territories):
        for b in territories[:n]:
            region = ("id", "country", "postcodes", "geohashes", "sectors", "products", "languages")
            if all(a.get(c, "") == b.get(c, "") for c in region):
                apart = any(x.get("valid_until", "9") <= y.get("valid_from", "") for x, y in ((a, b), (b, a)))
                if not apart:
                    wrong.append(f"territory {a['id']}: two equal parts at one time")
    return wrong


def summary(world: World, texts: dict[str, str]) -> str:
    """Sizes and counts, by plain comparison."""
    covered: Counter[int] = Counter()
    for draft in world.leads:
        day = draft.at.astimezone(ZONE).date().isoformat()
        covered[len({t["id"] for t in world.territories if _inside(draft.row, t, day)})] += 1
    claimed = {row["domain"] or row["company_number"] or row["vat"] for row in world.registrations}
    lines = [f"{len(text.encode()):>9,}  {name}  {text.count(chr(10)) - 1} rows" for name, text in texts.items()]
    lines.append(f"{sum(len(text.encode()) for text in texts.values()):>9,}  in all")
    lines.append("territories that hold a lead: " + ", ".join(f"{n}: {covered[n]}" for n in sorted(covered)))
    months = Counter(draft.at.astimezone(ZONE).month for draft in world.leads)
    lines.append("leads a month: " + ", ".join(str(months[m]) for m in range(1, 13)))
    countries = Counter(draft.row["country"] for draft in world.leads)
    lines.append("countries: " + ", ".join(f"{c or '(none)'} {n}" for c, n in countries.most_common()))
    lines.append(
        f"companies {len(world.register.taken)}, claimed {len(claimed)}, with lat/lon "
        + str(sum(1 for draft in world.leads if draft.row["lat"]))
    )
    lines += [f"{lead}  {label}" for label, lead in world.labels.items()]
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Write the files, or with `--check` compare them with those on disk."""
    world = make()
    texts = files(world)
    wrong = check(world, texts)
    if "--check" in arguments:
        here = {name: TARGET / name for name in texts}
        wrong += [name for name, p in here.items() if not p.exists() or p.read_bytes() != texts[name].encode()]
    elif not wrong:
        for name, text in texts.items():
            (TARGET / name).parent.mkdir(parents=True, exist_ok=True)
            (TARGET / name).write_bytes(text.encode())
    print(summary(world, texts))
    for fault in wrong:
        print("wrong:", fault, file=sys.stderr)
    return 1 if wrong else 0


# ---------------------------------------------------------------------------------------------
# The README beside the data

STORIES = (
    (
        "claim-beats-territory",
        "lies in `nl-rotterdam`, but `antwerp-b` has registered the prospect, and gets it",
    ),
    (
        "two-claims",
        "is claimed twice: the claim that has the register number is stronger than the one that has the domain",
    ),
    (
        "claim-of-other-product",
        "is claimed by `isar-de`, for wrappers only, and asks for a press: `neckar-de` by its territory",
    ),
    ("claim-of-this-product", "is the same prospect a day later, asking for a wrapper: `isar-de` by its claim"),
    ("claim-run-out", "was claimed by `mercia-gb` until spring: `pennine-gb` by its territory"),
    ("customers-choice", "is claimed by `antwerp-b`, but the customer chose `brabant-nl` in writing: owed half"),
    ("claim-in-doubt", "is a BV where `brabant-nl` claimed an NV of the same name and address: for a person to see"),
    ("claimant-here", "is claimed by `provence-fr`, in its last weeks with the manufacturer"),
    ("claimant-gone", "is the same prospect after that dealer has left: claimant unavailable; the house, for review"),
    ("shared-1", "opens the year in Antwerp city, shared two to one by `antwerp-a` and `antwerp-b`"),
    ("shared-2", "is the next there"),
    ("shared-3", "is the third there: after three, two and one"),
    ("rotterdam-first", "lies in `nl-rotterdam`, shared: by turns"),
    ("rotterdam-again", "is the same company three weeks later: it stays with its dealer, whoever's turn it is"),
    ("before-handover", "comes from Utrecht in the last second of June: `delta-nl`"),
    ("after-handover", "comes from Utrecht in the first second of July: `amstel-nl`"),
    ("before-joining", "comes from Hannover on 31 March: `hanse-de`"),
    ("after-joining", "comes from Hannover on 1 April, when `leine-de` begins there"),
    ("cannot-be-compared", "lies in `nl-gelderland` and in `nl-food-valley`; neither holds the other: by turns"),
    (
        "pharma",
        "lies in shared Basel, but `pharma` has the higher priority: the house team `key-accounts`",
    ),
    ("exclusive", "lies in `lu`, which is exclusive, and in `saar-lor-lux-steel`: conflict, the house"),
    ("no-language", "lies in Bern, where territories go by language, and does not say one: nobody serves it"),
    ("august-rule", "comes from Antwerp city in August: `antwerp-a` by a rule"),
    ("over-the-border", "comes from Trier, in no territory: `lux-lu` is the nearest dealer within 80 km"),
    ("nobody-serves", "comes from Madrid: the house"),
    (
        "no-share-far",
        "lies in `be-limburg`, whose dealer has share 0, and gives no position: the house, with a retry",
    ),
    ("no-share-near", "is its neighbour, and gives one: `maas-nl` is the nearest"),
    (
        "full-dealer",
        "is one too many from Glasgow; `clyde-gb` takes four in thirty days: the house, with a retry",
    ),
    ("paused-dealer", "comes from München while `isar-de` is on holiday: the house, with a retry"),
    ("declined-once", "was declined by `ruhr-a`: `ruhr-b`"),
    ("hops-exhausted", "has had three dealers: the house, though `ruhr-b` could have it"),
    ("twice-half-past-two-a", "came at half past two in the night in which the clocks go back"),
    ("twice-half-past-two-b", "came an hour later, at half past two"),
)

README = """\
# The example network

A year at Meridiaan Machines, a **fictitious** manufacturer of packaging and metal-working machines. The manufacturer,
its {dealers} dealers, the {companies} companies that ask, their names, numbers and domains are all made up; no person
occurs in them. The places are real. Any likeness to a real company is chance.

Written by `tools/make_network.py`, which gives the same bytes on every run. Change the generator, not these files.

| file | rows | what |
| --- | ---: | --- |
| `plan.yaml` | | the plan: precedence and rules, terms and calendars; it names the tables |
{tables}

## Licence and attribution

Postal codes, place names and coordinates: **GeoNames, www.geonames.org,
[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/)**. Changes made: a selection; combined with made-up companies;
coordinates cut to four decimals; and the spoilt values below. In the Netherlands and Great Britain what follows the
real four digits or the real outward code is made up.
Sector codes: NACE Rev. 2.1, (c) European Union, reuse with acknowledgement (Commission Decision 2011/833/EU).
All else here is part of this package and under its licence. Whoever passes these files on keeps the line on GeoNames.

## What is made up, and how one can tell

- Domains end in `.example`, which is reserved and belongs to nobody; mail addresses are roles there, never a person.
- Company and VAT numbers have the right form, and the right check digits where there are any, in ranges chosen for
  being unlikely to be given out: KvK `00...`, Belgian `01...`, SIREN `0000...`, British and Danish `99...`, German VAT
  `DE9...`.
- Opening hours are made up; public holidays are those of 2026 to 2028.
- Telephone numbers are among those that regulators keep free for fiction (France, Germany, Great Britain, Sweden);
  elsewhere there is none.

## What to know before routing it

- Times are instants with an offset. The year is 2027 in `Europe/Brussels`; the facts are those of its first day, except
  that `registrations.csv` holds the claims of the whole year and `past_holders.csv` leads that come back in.
- Route it in `running` mode: rotation, caps and incumbents depend on what went before.
- The leads stand in order of arrival, but for 20 that were imported late.
- {unread} leads hold values that nobody can read, or only with care: `n/a`, country `XX`, a sector of another version
  (`nace-2:45.11`), a value `abc`, times without offset, latitude 95, mojibake, full-width digits, marks that run the
  other way. A few French ones have CEDEX codes. They are leads like any other.
- Two rows have no id, and two repeat the id of an earlier row: those four are refused, so that {taken:,} are routed.
- No territory holds Spain, Ireland or Italy, nor parts of the other countries; only a lead that gives its position can
  go to the nearest dealer. `be-limburg` is served by a dealer with share 0. `provence-fr` leaves in autumn, and nobody
  follows it.
- `lu` and `saar-lor-lux-steel` contradict each other on purpose.

## What a check finds

`dealerrouting check src/dealerrouting/network/data --at 2026-12-01T00:00:00Z` finds nothing to mend: `plan.yaml` says
under `suppress` what it lives with, and why; `--suppressed` lists it. All `lone-dealer` notes are among it, at `*`:
with one dealer a region they are everywhere. Two others are of the kind that nobody sees in a table of territories:

- `ending-service` at `nl-utrecht`. On 1 July 2027 Utrecht passes from `delta-nl` to `amstel-nl`, without a day between.
  But `amstel-nl` works in Dutch and English only: from then on whoever asks in German is nobody's there.
- `broken-exclusive` at `lu`. That `lu` and `saar-lor-lux-steel` quarrel is meant. That `lu` quarrels with `pharma` too
  is easily overlooked: the priority of `pharma` does not help it, because `exclusive` is looked at first.

## Leads worth a look

| lead | it |
| --- | --- |
{stories}
"""

WHAT = {
    "dealers.csv": "dealers, and three teams of the manufacturer's own (`kind` house)",
    "territories.csv": "parts of {territories} territories",
    "accounts.csv": "companies with a fixed holder",
    "leads.csv": "a year of leads",
    "facts/registrations.csv": "claims of dealers on prospects",
    "facts/choices.csv": "customers' written choices of a dealer",
    "facts/incumbents.csv": "companies of which a dealer has an open lead from before",
    "facts/counts.csv": "how many leads each dealer has when the year begins",
    "facts/ledgers.csv": "who is owed how much in a rotation, in millionths of a lead",
    "facts/shares.csv": "factors on the dealers' weights",
    "facts/past_holders.csv": "dealers that shall not have a lead again",
}


def readme(world: World, tables: dict[str, list[Row]]) -> str:
    """The README, with the numbers and ids of this make."""
    territories = len({row["id"] for row in world.territories})
    lines = [
        f"| `{name}` | {len(rows):,} | {WHAT[name].format(territories=territories)} |" for name, rows in tables.items()
    ]
    return README.format(
        dealers=len(world.offices),
        companies=f"{len(world.register.taken):,}",
        tables="\n".join(lines),
        unread=sum(count for count, _, _ in SPOILED),
        taken=ROWS - 4,
        stories="\n".join(f"| `{world.labels[label]}` | {text} |" for label, text in STORIES),
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
