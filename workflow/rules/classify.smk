rule classify:
    message:
        "classify {wildcards.cohort}"
    input:
        cohort="data/{cohort}/cohort.yaml",
        records=rules.ingest.output.records,
        definitions=rules.definitions.output.catalogue,
        code=code("model", "words", "response"),
    output:
        responses="results/restricted/{cohort}/responses.csv",
        times="results/restricted/{cohort}/times.csv",
    params:
        sources=sources,
        definitions=config["definitions"] if config["definitions"] == "all" else ",".join(config["definitions"]),
    log:
        "results/logs/classify/{cohort}.log",
    conda:
        "../envs/caseseries.yaml"
    resources:
        mem_mb=1000,
    shell:
        "python -m caseseries classify {wildcards.cohort:q} --definitions {params.definitions:q} > {log:q} 2>&1"
