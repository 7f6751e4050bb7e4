"""Abbreviations whose full stop ends no sentence, of the languages that people brought; ICU has lists of eight languages only,
and asks which of them a text is in.

What is written small here counts however it is written; what has a capital only so: "Me. Dupond" is a lawyer, "me. Dupond" is not.
A word that also ends sentences in one of the languages ("on.", "arch.", "ir.") stands in no list.
"""

# titles, streets and cross-references: what follows belongs to them
_GOES_ON = """
    dr mr mrs ms mx messrs prof st ste rev hon gen col capt lt sgt cpl cmdr maj adm mt gov sen rep pres vs cf ca viz incl approx
    Ft et al resp e.g i.e
    hr fr dra mag dipl ing z.b d.h u.a v.a z.t bzw inkl ggf vgl bzgl evtl zzgl abzgl sog inh ev.-luth Fa
    mme mlle mmes mlles mgr boul éd MM Me Mgr Bd
    sr sra sres sras srta dña avda av.da excmo ilmo ej p.ej mons lic Ud Uds Vd EE FF
    profa exmo exma dir.ª Av Exa Ex
    sigg sig.ra dott dott.ssa avv geom On
    dhr mevr bijv drs t.ex f.eks bl.a dvs s.k p.g.a fr.o.m t.o.m d.v.s m.h.t esim
    inż św ks tzw np ul al pl płk ppłk mjr kpt zob m.in tzn
    např tzv tj napr ún Dl Dna Cad Sok Mah Bn Av Doç ThS PGS TP TS
    ул просп пер обл корп акад проф доц св кап инж тов см ср напр т.е т.н т.к т.наз
    вул просп напр ст.-лт проф див
    δρ καθ βλ π.χ λ.χ κα
    डॉ डा प्रो श्री मि श्रीमती ড ডা মো ดร ผศ รศ ศ พล.อ
"""
_BEFORE_NAMES = "им ім гр ген ev str v Jr Sr M S R N"  # words or letters too, which a name follows: "им. Горького", "M. Dupont"
# "sig." alone ends sentences in Danish
_AFTER = "il sig|del sig|al sig|dal sig|un sig|na R|da R"
_BEFORE_NUMBERS = """
    no nos nr fig figs eq eqs vol vols bd p pp s art abs kap ch chap sec tab tabs abb tel kl
    jan feb mar apr jun jul aug sep sept oct okt nov dec dez
    núm nº pág págs cap caps pag rozdz rys č čís obr par sz szám sk bl cad sok mah kat
    рис табл стр гл ст разд пп оп тел д кв σελ αρ κεφ पृ सं พ.ศ ค.ศ
"""
_ENDS = (
    "т.д т.п u.s.w usw o.s.v osv m.m e.d a.a itd itp etc"  # "and so on": a capital after it begins a sentence
)
# after an initial, or letters such as "U.S.", a sentence begins with one of these; a name does not
_BEGINS = """a an the he she it they we i you this that these those there his her its their my our your in on at but and or
    if when while where who what why how for from with after before so then is are was were not no yes by to as some many most
    er sie es wir ihr ich der die das den dem ein eine und oder aber dann da dort hier so nun im am als wenn nach vor nicht
    il elle ils elles nous vous je un une et ou mais puis dans ce cette ces en au aux après avant
    él ella ellos lo una y o pero luego entonces en este esta no se yo
    o os as um uma ele ela eles e mas depois então não eu
    gli lui lei loro ed ma poi non io
    он она они оно мы вы я ты это в на и а но потом затем там тут не что как когда если после до вот все всё его её их
    він вона вони це та але потім там у
    on ona oni ja ty my wy to w na i a ale potem tam nie co jak kiedy się
    ο η το οι τα και αλλά μετά δεν αυτός αυτή"""
# what one letter stands after, as in "vitamin C."
_LABELLED = """vitamin vitamins vitamine vitamina витамин plan type typ tipo тип group gruppe groupe grupo gruppo группа class
    klasse classe clase hepatitis section part teil appendix anhang grade option point punkt figure table line room team letter
    variable matrix step category model version level phase block exhibit schedule set"""
_MONTHS = """januar jänner februar märz april mai juni juli august september oktober november dezember
    jan jän feb mär apr jun jul aug sept sep okt nov dez jahrhundert jh jahrhunderts"""  # "am 3. Mai"
_ORDINALS = "am im der die das den dem des zum zur vom beim ins bis seit"  # German, before "3. Kapitel"

GOES_ON, BEFORE_NAMES, BEFORE_NUMBERS, ENDS, BEGINS, LABELLED, MONTHS, ORDINALS = (
    frozenset(each.split())
    for each in (
        _GOES_ON, _BEFORE_NAMES, _BEFORE_NUMBERS, _ENDS, _BEGINS, _LABELLED, _MONTHS, _ORDINALS,
    )
)  # fmt: skip
STREETS = ("str", "straat", "strasse")  # "Hauptstr. 5"
PAIRS = frozenset(_AFTER.split("|"))
