rule reconcile:
    message:
        "reconcile published claims"
    input:
        estimates=of_cohorts(rules.estimate.output.estimates),
        descriptions=of_cohorts(rules.estimate.output.description),
        claims=lambda wildcards: [f"data/{c}/claims.yaml" for c in COHORTS if Path(f"data/{c}/claims.yaml").exists()],
        code=code("model", "words", "reconcile"),
    output:
        claims="results/release/claims.csv",
    params:
        sources=sources,
        settings=SETTINGS,
    log:
        "results/logs/reconcile.log",
    conda:
        "../envs/caseseries.yaml"
    resources:
        mem_mb=1000,
    shell:
        "python -m caseseries reconcile --settings {params.settings:q} > {log:q} 2>&1"
