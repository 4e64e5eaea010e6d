"""SYNTHETIC workbook of twelve women as a ward keeps one, in four languages: no person stands behind a row."""

from datetime import date, timedelta
from pathlib import Path

import openpyxl

HEADERS = {
    "en": ["No.", "Name", "Age (years)", "Sex", "Gestational week at start", "Weight (kg)", "Start of rhTPO"],
    "de": ["Pat.-Nr.", "Name", "Alter (Jahre)", "Geschlecht", "SSW bei Beginn", "Gewicht (kg)", "Beginn rhTPO"],
    "es": ["Paciente", "Nombre", "Edad (años)", "Sexo", "Semanas de gestación", "Peso (kg)", "Inicio de rhTPO"],
    "zh": ["编号", "姓名", "年龄（岁）", "性别", "孕周", "体重(kg)", "首次用药日期"],
}
COUNTS = {
    "en": ["PLT before treatment (×10⁹/L)", "PLT day 7", "PLT day 14", "PLT day 21"],
    "de": ["Thrombozyten vor Therapie (G/l)", "Thrombo T7", "Thrombo T14", "Thrombo T21"],
    "es": ["Plaquetas basales (10^9/L)", "Plaquetas día 7", "Plaquetas día 14", "Plaquetas día 21"],
    "zh": ["治疗前血小板(×10^9/L)", "血小板第7天", "血小板第14天", "血小板第21天"],
}
LATER = {
    "en": ["Bleeding recorded", "Rescue (date)", "Delivery date", "Last visit", "Response", "Blood group", "Remarks"],
    "de": [
        "Blutungen erfasst",
        "Notfalltherapie",
        "Entbindung",
        "Letzte Visite",
        "Ansprechen",
        "Blutgruppe",
        "Bemerkungen",
    ],
    "es": ["Sangrado registrado", "Rescate", "Fecha del parto", "Última visita", "Respuesta", "Grupo", "Observaciones"],
    "zh": ["出血记录", "抢救治疗", "分娩日期", "末次随访", "疗效", "血型", "备注"],
}
DOSES = {
    "en": ["No.", "Drug", "Start", "End", "Daily dose (U/kg)"],
    "de": ["Pat.-Nr.", "Medikament", "Beginn", "Ende", "Tagesdosis (IE/kg)"],
    "es": ["Paciente", "Fármaco", "Inicio", "Fin", "Dosis diaria (UI/kg)"],
    "zh": ["编号", "药物", "用药日期", "结束日期", "剂量(U/kg)"],
}
WORDS = {
    "en": {"f": "F", "yes": "yes", "no": "no", "CR": "CR", "R": "PR", "NR": "NR", "open": "?", "mean": "Mean"},
    "de": {
        "f": "w",
        "yes": "ja",
        "no": "nein",
        "CR": "CR",
        "R": "PR",
        "NR": "NR",
        "open": "k.A.",
        "mean": "Mittelwert",
    },
    "es": {"f": "M", "yes": "sí", "no": "no", "CR": "RC", "R": "RP", "NR": "SR", "open": "n.d.", "mean": "Media"},
    "zh": {
        "f": "女",
        "yes": "是",
        "no": "否",
        "CR": "完全缓解",
        "R": "有效",
        "NR": "无效",
        "open": "不详",
        "mean": "平均",
    },
}
SHEETS = {
    "en": ("Patients", "Doses"),
    "de": ("Patientinnen", "Dosen"),
    "es": ("Pacientes", "Dosis"),
    "zh": ("患者", "剂量"),
}
LEFT_TO_SAY = {"es": {"M": "female"}}
"""Words of the workbook that `new --from` cannot know: M may be mujer or male."""

WOMEN = [
    # age, gestation, weight, baseline, day 7, day 14, day 21, rescue after, delivery after, class
    (31, "30+4", "62kg", 8, "45*", 110, 150, None, 44, "CR"),
    (28, "33+0", 70, "<5", 12, 20, 31, 15, 30, "NR"),
    (35, "28+2", "58.5 kg", 11, 39, 62, 70, None, 60, "R"),
    (24, "31+1", 66, 6, 20, "120↑", 140, None, 41, "CR"),
    (40, "29+6", 73, 14, 18, 25, 22, 10, 48, "NR"),
    (33, "32+3", 64, 9, 52, 104, "130↑", None, 37, "CR"),
    (29, "34+1", 69, 4, 33, 41, 44, None, 27, "R"),
    (37, "27+5", 61, 12, 30, 48, 66, None, 66, "R"),
    (26, "30+0", 75, 7, 9, "14*", 19, 16, 45, "NR"),
    (32, "31+6", 68, 10, 61, 115, 122, None, 38, "CR"),
    (30, "29+3", 59, 5, 28, 36, 51, None, 52, "R"),
    (34, "33+4", 71, 13, 15, 21, None, 12, 25, "NR"),
]
"""Made up for this file."""


def write_workbook(path: Path, language: str) -> None:
    """The workbook in a language: titles above the headers, units and marks in cells, a row of means, remarks."""
    book = openpyxl.Workbook()
    cases, doses = book.active, book.create_sheet(SHEETS[language][1])
    cases.title = SHEETS[language][0]
    words = WORDS[language]
    for row in (["SYNTHETIC, twelve women, rhTPO"], [], [*HEADERS[language], *COUNTS[language], *LATER[language]]):
        cases.append(row)
    doses.append(DOSES[language])
    for number, (age, weeks, weight, *counts, rescue, delivery, response) in enumerate(WOMEN, 1):
        start = date(2019, 1, 7) + timedelta(days=31 * number)
        after = [None if days is None else start + timedelta(days=days) for days in (rescue, delivery, delivery)]
        recorded = words["open"] if number == 3 else words["yes"]
        who = [number, f"Example{number:02} Anna", age, words["f"], weeks, weight, start]
        remark = "SYNTHETIC remark of a ward about this very woman" if number == 5 else None
        cases.append([*who, *counts, recorded, *after, words[response], "A" if number % 2 else "0", remark])
        for begin, dose in ((0, 300), (7, 150)):
            doses.append([number, "rhTPO", start + timedelta(days=begin), start + timedelta(days=begin + 6), dose])
    cases.append([words["mean"], None, 31.6])
    book.save(path)
