"""Domains under which many companies have a page, a shop or a mailbox, and that are therefore nobody's own.

May know nothing of the house. Origin: collected by this project. Mailbox providers are in `freemail`.

In this order: social networks; messages and lists of links; short links; maps and search; directories, reviews and
jobs; markets; builders of websites and shops; tenants of offices in the cloud, forms, mailings, files and meetings.
`com.be` stands with the markets, since Amazon's Belgian one is below it, and other people's domains are too.

All are registrable domains, but for a few names below one whose owner has its own site beside. One that is a public
suffix too (as `wixsite.com` is) gives each name below it to somebody, whose own domain that is: which of them are so
is for the public suffix list to say.

`PLACEHOLDERS` are what people type when a form insists on a website or a mail address: two companies that say `geen.nl`
have nothing in common. A word without a dot counts under every suffix. Such a word is no company's name in any
language; where it might be (`demo.de` may be somebody's), only the domains stand here that are typed that way. The domains
for examples (RFC 2606) are among them.

`VERSION` ends in the first twelve signs of the SHA-256 hash of the sorted words of both, with a blank between them.
"""

__all__ = ["HOSTS", "PLACEHOLDERS", "VERSION"]

VERSION = "shared-hosts/f4495ecba7e3"

HOSTS = """
500px.com behance.net bereal.com bsky.app dribbble.com facebook.com facebook.de facebook.nl fb.com fb.gg
fb.me fb.watch flickr.com foursquare.com hyves.nl ig.me instagr.am instagram.com linkedin.cn linkedin.com
lnkd.in mastodon.online mastodon.social meetup.com myspace.com nextdoor.com nextdoor.nl ok.ru periscope.tv
pin.it pinterest.at pinterest.ch pinterest.co.uk pinterest.com pinterest.de pinterest.es pinterest.fr
pinterest.it pinterest.nl pinterest.se quora.com reddit.com skyrock.com snapchat.com soundcloud.com
spotify.com stayfriends.de strava.com t.co threads.com threads.net tiktok.com tumblr.com twitch.tv
twitter.com viadeo.com vimeo.com vk.com weibo.com x.com xing.com xing.to youtu.be youtube-nocookie.com
youtube.be youtube.com youtube.de youtube.fr youtube.nl

about.me beacons.ai bento.me bio.link bio.site campsite.bio contactin.bio direct.me discord.com discord.gg
flow.page flowcode.com hoo.be instabio.cc koji.to komi.io linkbio.co linkfly.to linkin.bio linkpop.com
linktr.ee lnk.bio lnk.to m.me many.link manylink.co messenger.com milkshake.app msha.ke popl.co poplme.co
qr-code-generator.com signal.group signal.me skype.com solo.to t.me taplink.at taplink.cc telegram.dog
telegram.me telegram.org vcard.link viber.com wa.link wa.me wechat.com whatsapp.com

aka.ms amzn.eu amzn.to bit.ly buff.ly cutt.ly dlvr.it ebay.us eepurl.com forms.gle g.co goo.gl hubs.la
hubs.li hubs.ly is.gd j.mp kutt.it lc.cx me-qr.com mtr.cool ow.ly owl.li page.link q-r.to qrco.de qrto.org
rb.gy rebrand.ly short.gy shorturl.at spoti.fi t.ly t1p.de tiny.cc tinyurl.com tr.ee trib.al urlz.fr v.gd

baidu.com bing.com bing.de bing.nl duckduckgo.com ecosia.org g.page goo.gle google.at google.be google.ch
google.co.uk google.com google.cz google.de google.dk google.es google.eu google.fi google.fr google.ie
google.it google.li google.lu google.nl google.no google.pl google.pt google.se googleusercontent.com
mappy.com maps.apple.com maps.me openstreetmap.org qwant.com search.ch startpage.com startpagina.nl
viamichelin.com viamichelin.fr waze.com

118000.fr 118712.fr 11880.com 1307.be 1890.be 192.com 2findlocal.com allevents.in annuaire.com apollo.io
b2bhint.com bedrijfspagina.nl bedrijven.nl bedrijvengids.nl bedrijvenpagina.nl bedrijvenregister.nl
bizbook.be bizdb.co.uk bizzy.org branchenbuch-deutschland.de branchenbuch.de businesslist.co.uk cif.be
companieshouse.de company-information.service.gov.uk company.info companyinfo.nl companywall.at
companyweb.be crunchbase.com cylex-belgie.be cylex-branchenbuch.de cylex-locale.fr cylex-uk.co.uk cylex.at
cylex.be cylex.de cylex.nl dasoertliche.de dastelefonbuch.de de-bedrijvengids.nl detelefoongids.nl
directindustry.com directindustry.de directindustry.fr dnb.com drimble.nl easyinfo.be editus.lu
europages.at europages.be europages.co.uk europages.com europages.de europages.es europages.fr
europages.it europages.nl europages.pl feedbackcompany.com find-open.co.uk findopen.de finduslocal.com
firmania.at firmania.be firmania.de firmania.nl firmen-abc.com firmenabc.at firmenabc.com
firmendatenbank.de firmenwissen.de freeindex.co.uk gelbeseiten.de glassdoor.com glassdoor.nl
gouden-gids.nl goudengids.be goudengids.nl goyellow.de handelsregister.de herold.at heureka.cz
holidaycheck.de hotfrog.be hotfrog.co.uk hotfrog.com hotfrog.de hotfrog.fr hotfrog.nl indeed.com indeed.nl
infobel.be infobel.com infogreffe.fr infoisinfo.be infoisinfo.nl kbopub.economie.fgov.be kennstdueinen.de
kiyoh.com klantenvertellen.nl klicktel.de kompany.com kompass.com kununu.com kvk.nl local.ch
localsearch.ch made-in-china.com manageo.fr meinestadt.de moneyhouse.ch northdata.com northdata.de
oeffnungszeitenbuch.de oozo.nl opencorporates.com openingstijden.com openingstijden.nl openingsuren.be
openingsuren.vlaanderen pagesdor.be pagesjaunes.fr pappers.fr petitscommerces.fr proff.dk proff.no
proff.se provenexpert.com qype.com rocketreach.co scoot.co.uk societe.com solocal.com staatsbladmonitor.be
stadtbranchenbuch.com starofservice.com tel.search.ch telefonbuch.de telefoonboek.nl telefoongids.nl
thephonebook.bt.com thomasnet.com thomsonlocal.com touchlocal.com tripadvisor.be tripadvisor.co.uk
tripadvisor.com tripadvisor.de tripadvisor.fr tripadvisor.nl trustedshops.be trustedshops.com
trustedshops.de trustedshops.fr trustedshops.nl trustlocal.be trustlocal.nl trustoo.nl trustpilot.com
trustup.be unternehmensregister.de virk.dk webwiki.de webwiki.nl wer-zu-wem.de werkspot.nl
werliefertwas.de wittegids.be wlw.at wlw.ch wlw.de yalwa.de yell.com yellowpages.at yellowpages.com
yelp.at yelp.be yelp.ch yelp.co.uk yelp.com yelp.de yelp.fr yelp.ie yelp.it yelp.nl yelu.be yelu.nl
zakelijkegids.nl zoominfo.com

1stdibs.com 2dehands.be 2ememain.be agriaffaires.co.uk agriaffaires.com agriaffaires.de alibaba.com
aliexpress.com aliexpress.us allegro.cz allegro.pl amazon.at amazon.ca amazon.co.uk amazon.com
amazon.com.tr amazon.de amazon.es amazon.fr amazon.ie amazon.it amazon.nl amazon.pl amazon.se anibis.ch
autoscout24.at autoscout24.be autoscout24.ch autoscout24.com autoscout24.de autoscout24.fr autoscout24.it
autoscout24.lu autoscout24.nl autotrack.nl autotrader.co.uk bol.com booking.com catawiki.com com.be
deliveroo.be deliveroo.co.uk depop.com discogs.com ebay-kleinanzeigen.de ebay.at ebay.be ebay.ch
ebay.co.uk ebay.com ebay.de ebay.es ebay.eu ebay.fr ebay.ie ebay.it ebay.nl ebay.pl etsy.com etsy.me
exapro.co.uk exapro.com exapro.de exapro.fr exapro.nl fiverr.com funda.nl globalsources.com gumtree.com
hood.de immobilienscout24.de immoscout24.at immoscout24.ch immoscout24.de immoweb.be indiamart.com
industrystock.com kleinanzeigen.com kleinanzeigen.de leboncoin.fr lieferando.at lieferando.de luxauto.lu
machinerypark.com machineryzone.com machineryzone.fr machineseeker.co.uk machineseeker.com
machineseeker.nl machinio.com markt.de marktplaats.com marktplaats.nl maschinensucher.ch
maschinensucher.de mascus.be mascus.com mascus.de mascus.fr mascus.nl mobile.de onbuy.com preloved.co.uk
priceminister.com rakuten.com rakuten.de rakuten.fr resale.de ricardo.ch rightmove.co.uk shpock.com
speurders.nl subito.it takeaway.com thuisbezorgd.nl truckscout24.com truckscout24.de tutti.ch ubereats.com
vinted.be vinted.de vinted.fr vinted.nl vivastreet.co.uk wallapop.com willhaben.at zoopla.co.uk

000webhostapp.com 123siteweb.fr 123webseite.at 123webseite.de 123website.be 123website.lu 123website.nl
activehosted.com amazonaws.com azurewebsites.net basekit.com beepworld.de bigcartel.com bigcommerce.com
biz.nf blog.de blogg.no blogger.com blogspot.be blogspot.ch blogspot.co.at blogspot.co.uk blogspot.com
blogspot.de blogspot.fr blogspot.lu blogspot.nl bplaced.net bravesites.com business.site byethost.com
canalblog.com canva.com canva.site carrd.co ccvshop.be ccvshop.nl centerblog.net clickfunnels.com
cloudaccess.host cmonsite.fr company.site de.tl doodlekit.com doomby.com duda.co durable.co e-monsite.com
eatbu.com ecwid.com edicypages.com eklablog.com emyspot.com fc2.com framer.ai framer.app framer.media
framer.website free-h.org freewebs.com godaddysites.com great-site.net groupon.com hautetfort.com
hostingersite.com hpage.com hpage.de hubpages.com hubspotpagebuilder.com ijimdo.com imcreator.com
infinityfreeapp.com ionos.space jimdo.com jimdo.de jimdofree.com jimdosite.com jouwpagina.nl jouwweb.be
jouwweb.nl kickstarter.com leadpages.co lightspeedshop.com lima-city.de lima-city.rocks live-website.com
livejournal.com lovable.app lpages.co magix-website.com magix.net medium.com mijnhomepage.nl
mijnwebwinkel.be mijnwebwinkel.nl mobirisesite.com moonfruit.com mozello.com mozello.nl mozellosite.com
my-free.website my.canva.site mydurable.com myonlinestore.be myonlinestore.com myonlinestore.eu
myonlinestore.nl mypixieset.com myportfolio.com myshopify.com myspreadshop.com mystrikingly.com
mywebsite-editor.com netlify.app netlify.com netsons.org notion.com notion.site notion.so npage.at
npage.ch npage.de onepage.me onepage.website onlinewebshop.net over-blog.com over-blog.fr over-blog.net
overblog.com ovh.net page.tl page4.com page4.me pagecloud.com pagesperso-orange.fr patreon.com
pixieset.com plesk.page podia.com prestashop.com punt.nl readymag.com replit.app shop.app shopfactory.com
shopify.com shoplightspeed.com shopware.com simdif.com simplesite.com site.pro site123.com site123.me
siteground.site sitew.be sitew.com sitew.fr smugmug.com softr.app sourceforge.net spreadshirt.de
spreadshop.com sqsp.com square.site squarespace.com squareup.com startje.be startkabel.nl strikingly.com
substack.com sumup.link super.site systeme.io tictail.com tiiny.site tilda.cc tilda.ws tripod.com
typedream.app typepad.com typepad.fr ucoz.com ucoz.de ucoz.net ueniweb.com ukit.com umso.co vercel.app
viabloga.com vistaprintdigital.com voog.com webador.at webador.be webador.ch webador.co.uk webador.com
webador.de webador.es webador.fr webador.ie webador.it webador.nl webflow.com webflow.io webgarden.com
webklik.nl weblog.nl webnode.at webnode.be webnode.ch webnode.co.uk webnode.com webnode.cz webnode.de
webnode.es webnode.eu webnode.fr webnode.it webnode.lu webnode.nl webnode.page webnode.pt webnode.sk
webs.com webself.net webselfsite.net webshopapp.com website2.me websitebuilder.com webstarts.com
weebly.com weeblysite.com wifeo.com wikidot.com wix.com wixsite.com wixstudio.com wixstudio.io
wordpress.com wordpress.org wozaik.com wpcomstaging.com wpengine.com wpenginepowered.com yola.com
yolasite.com youcanbook.me yourwebsitespace.com zenfolio.com zohosites.com zyro.com zyrosite.com

acemlna.com airtable.com atlassian.net box.com calendly.com campaign-archive.com campaign-archive1.com
cognitoforms.com constantcontact.com doodle.com dropbox.com dropboxusercontent.com eventbrite.be
eventbrite.co.uk eventbrite.com eventbrite.de eventbrite.fr eventbrite.nl force.com formstack.com
freshdesk.com freshsales.io fromsmash.com gitbook.com github.com gitlab.com gotomeeting.com
hs-sites-eu1.com hs-sites.com hubspotemail.net issuu.com jotform.com jotform.eu list-manage.com mailchi.mp
mailchimp.com mailplus.nl mindbodyonline.com monday.com myfreshworks.com mynewsdesk.com odoo.com
office.com office365.com onedrive.com onmicrosoft.com onmicrosoft.de paperform.co paypal.me pipedrive.com
prezi.com rsvpify.com salesforce-sites.com salesforce.com salonized.com scribd.com sendgrid.net
service-now.com sharepoint.com sharepoint.de simplybook.it simplybook.me slack.com slideshare.net
smartsheet.com surveymonkey.com tally.so teamwork.com tikkie.me treatwell.nl typeform.com webex.com
weezevent.com wetransfer.com workplace.com yammer.com yumpu.com zendesk.com zohopublic.com zohopublic.eu
zoom.us
"""

PLACEHOLDERS = """
asdf asdfasdf bedrijfsnaam deinedomain domeinnaam geen geenbedrijf geenemail geenmail geensite geenwebsite
heb-ik-niet hebikniet ihredomain ihrefirma inconnu jouwbedrijf jouwdomein jouwwebsite kein-email
keine-website keineemail keinemail keinewebsite maboite meinedomain meinefirma mijnbedrijf mijndomein
mijnwebsite monentreprise monsite mycompany mydomain mywebsite n-v-t nee niet nietbekend nietvantoepassing
no-email no-mail no-reply no-website nobody noemail nomail noreply nosite nowebsite nvt onbekend
pas-de-site pasdemail pasdesite unbekannt uwbedrijf uwdomein uwwebsite votredomaine votreentreprise
votresite xxx xxxx your-domain yourcompany yourdomain yourwebsite

anonymous.com bedrijf.be bedrijf.com bedrijf.nl beispiel.de company.be company.com company.nl demo.com
demo.nl domain.com domain.net domain.nl domaine.com domaine.fr domein.be domein.nl dummy.com dummy.nl
email.be email.com email.nl entreprise.com entreprise.fr example.be example.co.uk example.com example.de
example.edu example.eu example.fr example.net example.nl example.org exemple.com exemple.fr fake.com
fake.nl mail.be mail.nl na.com naam.nl nan.com no.com no.nl none.com none.net none.nl none.org not.com
null.com particulier.nl privat.de prive.nl qwerty.com qwerty.nl site.be site.com site.nl test.be test.com
test.eu test.fr test.net test.nl test.org tester.com testing.com unknown.com unknown.nl unternehmen.de
voorbeeld.be voorbeeld.com voorbeeld.nl website.be website.com website.nl xx.com xx.nl
"""
