"""methods.docx: a methods section, a results section and their references, for the authors to go on from."""

from __future__ import annotations

from pathlib import Path

from caseseries.export.methods import Manuscript, methods_paragraphs, reference_list, results_paragraphs
from caseseries.export.word import new_document, save_document
from caseseries.report.study import Study
from caseseries.words.units import unbroken

TO_DO = (
    "Drafted from the configuration and the results. The authors add what no data say: how cases were found, ethics "
    "approval and consent, what the results mean."
)


def write_methods(path: Path, study: Study) -> None:
    """Write the document of the study's one cohort; the same results give the same bytes."""
    found, text = study.flagship, Manuscript()
    document = new_document(f"{found.cohort.title}: methods and results", synthetic=found.cohort.synthetic)
    document.add_paragraph(found.cohort.title, style="Title")
    document.add_paragraph(TO_DO, style="Table note")
    sections = {
        "Methods": methods_paragraphs(found, study, text),
        "Results": results_paragraphs(found, study),
        "References": reference_list(text),
    }
    for heading, paragraphs in sections.items():
        document.add_paragraph(heading, style="Heading 1")
        for paragraph in paragraphs:
            document.add_paragraph(unbroken(paragraph))
    save_document(document, path)
