"""The classes of identifiers and how each is recognised, as a table.

The letters are those of the Safe Harbor method, 45 CFR 164.514(b)(2)(i)(A) to (R); free text is refused besides,
because any of them may stand in it. `header` patterns are searched in a header in lower case with words joined by
`_`; `value` patterns in a cell. `example` is made up and shows what a value pattern is for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class IdentifierClass:
    """One class of identifiers, its tests, and what to do instead."""

    letter: str
    title: str
    header: tuple[str, ...]
    value: tuple[str, ...]
    example: str
    remedy: str = "take the column out; keep any key to it outside the project"

    @cached_property
    def header_pattern(self) -> re.Pattern[str]:
        """All header tests as one pattern."""
        return re.compile("|".join(self.header))

    @cached_property
    def value_pattern(self) -> re.Pattern[str]:
        """All value tests as one pattern."""
        return re.compile("|".join(self.value))

    def __str__(self) -> str:
        kind = self.letter if self.letter == "free text" else f"Safe Harbor class {self.letter}"
        return f"{self.title} ({kind})"


ORDINARY = frozenset(
    {
        "group",
        "arm",
        "cohort",
        "centre",
        "center",
        "site",
        "type",
        "class",
        "grade",
        "stage",
        "part",
        "visit",
        "phase",
        "cycle",
        "category",
        "hepatitis",
        "influenza",
        "factor",
        "vitamin",
        "protein",
        "anti",
        "child",
        "syndrome",
        "disease",
        "disorder",
        "response",
        "responder",
        "remission",
        "relapse",
        "line",
        "trimester",
        "delivery",
        "section",
        "transfusion",
        "transplantation",
        "therapy",
        "treatment",
        "infection",
        "anaemia",
        "anemia",
        "leukaemia",
        "leukemia",
        "lymphoma",
        "thrombocytopenia",
        "thyroiditis",
        "lupus",
        "arthritis",
        "cirrhosis",
        "carcinoma",
        "failure",
        "bleeding",
        "haemorrhage",
        "hemorrhage",
        "pregnancy",
        "american",
        "asian",
        "chinese",
        "african",
        "islander",
        "done",
        "up",
        "acetate",
        "mofetil",
        "olamine",
        "sodium",
        "succinate",
        "phosphate",
        "immunoglobulin",
        "globulin",
    }
)
"""Words that make two capitalised words a term of the field and no name: Group A, Evans Syndrome, Complete Response.

The first or the last word decides; each is rare as a name of persons.
"""

CLASSES = (
    IdentifierClass(
        "A",
        "names",
        header=(
            "^name$",
            "(first|last|given|family|sur|middle|full|maiden)_?name",
            "initials",
            "nachname",
            "vorname",
            "(patient|person|baby|child|mother|father|doctor|physician)s?_?name",
            "姓名",
            "nombres?(_y_apellidos|_completo|_de_la_paciente|_del_paciente|_paciente)?$",
            "apellidos?",
            "iniciales",
            "(familien|geburts|mädchen|patienten)name",
            "initialen",
            "^nom(_de_famille|_de_naissance|_du_patient|_et_prénom|_patient)?$",
            "pr[ée]nom",
            "initiales",
            "名字",
            "(医生|医师)(姓名)?$",
            "^(médico|medico|arzt|ärztin|médecin|medecin)(_|$)",
        ),
        value=(
            r"\b(Dr|Mr|Mrs|Ms|Prof|Frau|Herr|Mme)\b\.? [A-Z]",
            r"(?i:\b(dr|prof)\. )",
            r"^[A-Z][a-zà-ÿ]+,? [A-Z](\.|$|[a-zà-ÿ]+$)",
            r"^[A-Z][.] ?[A-Z][a-zà-ÿ]+$",
            r"^([a-z]+ )*[A-Z]['’\w-]+, [A-Z][a-zà-ÿ.]",
            r"^[A-Z]{2,}, [A-Z]",
            r"^[\u4e00-\u9fff]{2,4}$",
            r"^[\uac00-\ud7a3]{2,4}$",
            r"^[А-ЯЁ][а-яё]+,? [А-ЯЁ]",
        ),
        example="Roe, Jane",
        remedy="use labels of your own such as E01; write coded words in lower case and Latin letters",
    ),
    IdentifierClass(
        "B",
        "places smaller than a state",
        header=(
            r"(^|_)address(es)?_?\d?(_|$)",
            "street",
            "(^|_)(city|town|village|county|district|plz|gps)(_|$)",
            "(^|_)zip_?(code)?$",
            "post_?(al)?_?code",
            "latitude",
            "longitude",
            "住址",
            "邮编",
            "direcci[oó]n|domicilio|(^|_)(calle|ciudad|municipio|localidad)(_|$)",
            "(^|_)c[oó]digo_postal",
            "anschrift|stra(ß|ss)e(_|$)|postleitzahl|(^|_)(wohn)?ort(_|$)",
            "(^|_)adresse(_|$)",
            "(^|_)(rue|ville|commune)(_|$)",
            "code_postal",
            "地址|籍贯|户籍",
        ),
        value=(
            r"^\d{5}(-\d{4})?$",
            r"^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$",
            r"^[A-Z]\d[A-Z] ?\d[A-Z]\d$",
            r"\b\d+[a-z]? [A-Z][a-z]+ (St|Street|Rd|Road|Ave)\b",
            r"^[A-Z][a-z]+, [A-Z]{2}$",
        ),
        example="02139-4307",
        remedy="take the column out, or keep the country alone",
    ),
    IdentifierClass(
        "C",
        "dates, but for the year, and ages over 89",
        header=(
            "(^|_)dates?($|_)",
            "_dt$",
            "timestamp",
            "(^|_)dob($|_)",
            "birth_?(date|day)",
            "(^|_)(geburts)?datum",
            "日期",
            "出生",
            "(^|_)fecha(_|$)",
            "(^|_)f(ec)?_?nac(_|$)",
            "nacimiento$|naissance$",
            "geburtstag|(^|_)geb(_|$)",
            "生日",
        ),
        value=(
            r"(?<!\d)\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?!\d)",
            r"\b\d{1,2}[. ]{1,2}[A-Za-z]{3,9}\.? \d{2,4}\b",
            r"\b[A-Z][a-z]{2,8}\.? \d{1,2}, ?\d{4}\b",
            r"\d{4}年",
            r"(?<!\d)(19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])(?!\d)",
            r"\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{4}\b",
            r"(?i:^\d{1,2}[-. ]{1,2}(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*$)",
            r"(?i:^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[- ]\d{1,2}$)",
            r"^(0?[1-9]|1[0-2])[-./](19|20)\d{2}$",
        ),
        example="4 March 2020",
        remedy="enter whole days from the first dose, or declare the column as a date in the mapping of cohort.yaml",
    ),
    IdentifierClass(
        "D",
        "telephone numbers",
        header=(
            "phone",
            "(^|_)mobile",
            "(^|_)tel(_|$)",
            "电话",
            "tel[eé]fono|telefon",
            "(^|_)(m[oó]vil|celular|handy|portable)(_|$)",
            "手机|联系方式",
        ),
        value=(
            r"\+\d[\d ().-]{6,}",
            r"(?<!\d)\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\d)",
            r"(?<![\d.])0\d{2,4}[ /-]\d{4,}",
            r"(?<![\d.])00\d{1,3}[ /-]?[\d /-]{7,}",
            r"(?<![\d.])1[3-9]\d{9}(?![\d.])",
        ),
        example="+44 20 7946 0018",
    ),
    IdentifierClass("E", "fax numbers", header=("(^|_)fax",), value=("(?i:^fax)",), example="Fax 020 7946 0018"),
    IdentifierClass(
        "F",
        "e-mail addresses",
        header=("e_?mail", "correo", "courriel", "邮箱"),
        value=(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}",),
        example="jane@example.org",
    ),
    IdentifierClass(
        "G",
        "social security and national numbers",
        header=(
            "(^|_)ssn($|_)",
            "social_security",
            "national_(id|number|insurance)",
            "nhs_?(no|number|id)",
            "passport",
            "身份证",
            "(^|_)(dni|nie|nif|nuss|curp|rut)(_|$)",
            "pasaporte|passeport|reisepass|personalausweis|护照",
            "seguridad_social|s[eé]curit[eé]_sociale|sozialversicherung",
            "(^|_)(svnr|ahv|nir)(_|$)",
            "c[eé]dula",
        ),
        value=(
            r"^[XYZ]?\d{7,8}-?[A-Z]$",
            r"(?<!\d)[12] \d{2} \d{2} \d{2} \d{3} \d{3}( \d{2})?(?!\d)",
            r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)",
            r"(?<!\d)\d{17}[\dXx](?!\w)",
            r"(?<!\d)\d{3} \d{3} \d{4}(?!\d)",
            r"\b[A-Z]{2}\d{6}[A-Z]\b",
        ),
        example="078-05-1120",
    ),
    IdentifierClass(
        "H",
        "medical record numbers",
        header=(
            "(^|_)mrn($|_)",
            "medical_record",
            "(record|hospital|chart|case|patient)_?(no|nr|number|num)$",
            "hospital_id",
            "病历号",
            "住院号",
            "historia_cl[ií]nica|n[uú]mero_de_historia|nº?_historia|(^|_)nhc(_|$)",
            "expediente",
            "(fall|aufnahme|patienten)_?(nr|nummer)$",
            "pat_nr$|patienten_?(id|kennung)|aktenzeichen",
            "(^|_)ipp(_|$)|num[eé]ro_de_dossier",
            "门诊号|就诊号|病案号|登记号",
        ),
        value=(r"^\d{6,10}$", r"(?i:\b(mrn|hn|uhid|pid|pat(ient|ienten)?[. -]*(no|nr))[-:_. #]*\d{3,})"),
        example="MRN-004711",
        remedy="use labels of your own such as P01 and keep the key outside the project; write a vocabulary before its "
        "code, such as MedDRA 10043554",
    ),
    IdentifierClass(
        "I",
        "health plan numbers",
        header=(
            "insurance",
            "health_?plan",
            "beneficiary",
            "policy_?(no|number)",
            "versicher",
            "医保",
            "aseguradora|tarjeta_sanitaria",
            "krankenkasse|(^|_)kvnr(_|$)",
            "mutuelle|(^|_)assurance",
            "社保",
        ),
        value=(r"^(?!NCT)[A-Z]{1,3}\d{8,}$",),
        example="A123456780",
    ),
    IdentifierClass(
        "J",
        "account numbers",
        header=("(^|_)account(_?(no|nr|number|id|name))?$", "(^|_)iban(_|$)", "(^|_)bank(_|$)"),
        value=(r"^[A-Z]{2}\d{2}( ?[A-Z0-9]{4}){3,}",),
        example="GB82 WEST 1234 5698 7654 32",
    ),
    IdentifierClass(
        "K",
        "certificate and licence numbers",
        header=("(^|_)licen[cs]es?(_?(no|nr|number|id|plate))?$", "certificate"),
        value=(r"^[A-Z]\d{3}-\d{3,4}-\d{2,4}",),
        example="D123-4567-8901",
    ),
    IdentifierClass(
        "L",
        "vehicle identifiers",
        header=("vehicle", "(licen[cs]e|number)_?plate", "(^|_)vin(_|$)"),
        value=(r"^(?=.*[A-Z])(?=.*\d)[A-HJ-NPR-Z0-9]{17}$",),
        example="1HGCM82633A004352",
    ),
    IdentifierClass(
        "M",
        "device identifiers and serial numbers",
        header=("device_?(id|no|number|serial)", "serial_?(no|number)", "(^|_)udi(_|$)", "lot_?(no|number)"),
        value=(r"^(SN|S/N|LOT|UDI)[-: ]?[A-Z0-9]{4,}", r"^\(01\)\d{14}"),
        example="SN-48A1K77",
    ),
    IdentifierClass(
        "N",
        "web addresses",
        header=("(^|_)url($|_)", "website", "homepage"),
        value=(r"(?i:https?://|www\.)",),
        example="https://example.org/p/7",
    ),
    IdentifierClass(
        "O",
        "internet addresses of computers",
        header=("(^|_)ip(_?addr(ess)?)?$",),
        value=(r"^\d{1,3}(\.\d{1,3}){3}$", "^([0-9A-Fa-f]{1,4}:){3,}[0-9A-Fa-f:]+$", "^[0-9A-Fa-f:]*::[0-9A-Fa-f:]+$"),
        example="192.0.2.17",
    ),
    IdentifierClass(
        "P",
        "biometric identifiers",
        header=("fingerprint", "(retina|iris)_?(scan|image|print|code)", "(^|_)voice", "biometric"),
        value=(r"(?i:\.(wav|mp3|m4a)$)",),
        example="voice07.wav",
    ),
    IdentifierClass(
        "Q",
        "photographs and images",
        header=(
            "photo",
            "picture",
            "(^|_)images?(_?(file|name|path|id|no))?$",
            "(^|_)face(_?(scan|id))?$",
            "(^|_)fotos?(_|$)",
            "照片",
        ),
        value=(r"(?i:\.(jpe?g|png|dcm|tiff?|bmp|heic)$)",),
        example="face07.jpg",
    ),
    IdentifierClass(
        "R",
        "any other unique number or code",
        header=("barcode", "uuid", "guid", "(^|_)key$", "pseudonym", "survey_identifier", "sample_?(no|number|id)"),
        value=(
            r"(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4})",
            r"(?i:(?<![0-9a-f])[0-9a-f]{32})",
            r"(?<![\d.])[0-2](\.\d+){5,}",
            r"^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9]{12,}$",
            r"(?<![\d.])\d{11,}(?![\d.])",
        ),
        example="9f1c2d3e-44aa-4b7c-9d0e-1a2b3c4d5e6f",
    ),
    IdentifierClass(
        "free text",
        "notes that may hold any of these",
        header=(
            "(^|_)(notes?|comments?|remarks?|narrative|free_?text|memo|anamnesis)($|_)",
            "备注",
            "observaci[oó]n|comentarios?(_|$)|(^|_)notas?(_|$)",
            "bemerkung|anmerkung|kommentar|freitext",
            "remarque|commentaire",
            "说明|病史",
        ),
        value=(r"(\S+\s+){7,}\S",),
        example="seen on the ward by the night team, then sent home",
        remedy="code what matters as a value of its own and take the text out",
    ),
)
"""The eighteen classes of Safe Harbor in their order, and free text."""
