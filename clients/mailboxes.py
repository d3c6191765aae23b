"""Where anybody has a mailbox or a page: such a domain says nothing about whose it is."""


def listed(text: str) -> frozenset[str]:
    """Return the words of `text` as a set."""
    return frozenset(text.split())


MAILBOXES = listed("""
    gmail.com googlemail.com outlook.com outlook.de outlook.fr outlook.es outlook.it hotmail.com hotmail.de hotmail.fr hotmail.it
    hotmail.es hotmail.co.uk live.com live.de live.fr live.nl live.co.uk msn.com passport.com yahoo.com yahoo.de yahoo.fr yahoo.es
    yahoo.it yahoo.co.uk yahoo.co.jp yahoo.com.br yahoo.co.in ymail.com rocketmail.com aol.com aol.de aim.com icloud.com me.com
    mac.com gmx.de gmx.net gmx.at gmx.ch gmx.com gmx.eu web.de email.de t-online.de magenta.de freenet.de arcor.de online.de
    vodafone.de vodafonemail.de kabelmail.de unitybox.de ewe.net ewetel.net osnanet.de netcologne.de alice.de alice-dsl.net
    1und1.de mail.de posteo.de posteo.net mailbox.org proton.me protonmail.com protonmail.ch pm.me tutanota.com tutanota.de
    tuta.io tuta.com fastmail.com fastmail.fm hey.com zoho.com mail.com email.com usa.com post.com europe.com mailfence.com
    runbox.com hushmail.com yandex.com yandex.ru ya.ru mail.ru bk.ru inbox.ru list.ru rambler.ru aon.at chello.at a1.net utanet.at
    tele2.at bluewin.ch sunrise.ch hispeed.ch swissonline.ch orange.fr wanadoo.fr free.fr sfr.fr laposte.net bbox.fr neuf.fr
    libero.it virgilio.it alice.it tin.it tiscali.it fastwebnet.it pec.it legalmail.it aruba.it telefonica.net terra.es ono.com
    sapo.pt ziggo.nl kpnmail.nl planet.nl xs4all.nl hetnet.nl home.nl upcmail.nl telenet.be skynet.be proximus.be telia.com
    bredband.net spray.se telia.se online.no getmail.no mail.dk tdcadsl.dk jubii.dk elisanet.fi kolumbus.fi luukku.com suomi24.fi
    wp.pl o2.pl onet.pl onet.eu op.pl interia.pl interia.eu gazeta.pl poczta.fm tlen.pl vp.pl seznam.cz centrum.cz email.cz
    volny.cz atlas.cz post.cz centrum.sk azet.sk zoznam.sk freemail.hu citromail.hu t-online.hu indamail.hu abv.bg mail.bg dir.bg
    yahoo.ro inbox.lv inbox.lt mail.ee hot.ee ukr.net i.ua bigmir.net otenet.gr btinternet.com btopenworld.com sky.com
    talktalk.net virginmedia.com ntlworld.com blueyonder.co.uk eircom.net comcast.net verizon.net att.net sbcglobal.net
    bellsouth.net cox.net charter.net earthlink.net juno.com optonline.net shaw.ca rogers.com sympatico.ca telus.net bigpond.com
    optusnet.com.au iinet.net.au xtra.co.nz uol.com.br bol.com.br terra.com.br hotmail.com.br qq.com 163.com 126.com sina.com
    sohu.com foxmail.com aliyun.com naver.com daum.net hanmail.net nate.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp rediffmail.com
    walla.co.il walla.com mail.gr turkcell.com.tr mynet.com superonline.com facebook.com instagram.com linkedin.com xing.com
    twitter.com x.com youtube.com google.com sites.google.com wixsite.com wordpress.com blogspot.com jimdo.com jimdosite.com
    business.site etsy.com ebay.com ebay.de amazon.com amazon.de
""")
