rule seal:
    message:
        "seal the release"
    input:
        report=rules.report.output.report,
        case_sets=of_cohorts(rules.estimate.output.case_sets),
        citation="CITATION.cff",
        data=[str(file) for c in COHORTS for file in sorted(Path("data", c).rglob("*")) if file.is_file()],
        configuration=sorted(str(file) for file in Path("config").rglob("*.yaml")),
        code=code("."),
    output:
        manifest="results/release/MANIFEST.sha256",
        provenance="results/release/provenance.json",
        crate="results/release/ro-crate-metadata.json",
    params:
        sources=sources,
        settings=SETTINGS,
    log:
        "results/logs/seal.log",
    conda:
        "../envs/caseseries.yaml"
    resources:
        mem_mb=1000,
    shell:
        "python -m caseseries seal --settings {params.settings:q} > {log:q} 2>&1"
