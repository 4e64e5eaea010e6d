rule estimate:
    message:
        "estimate {wildcards.cohort}"
    input:
        cohort="data/{cohort}/cohort.yaml",
        records=rules.ingest.output.records,
        responses=rules.classify.output.responses,
        times=rules.classify.output.times,
        definitions=rules.definitions.output.catalogue,
        code=code("model", "words", "estimators", "response", "sensitivity", "estimate"),
    output:
        estimates="results/release/{cohort}/estimates.csv",
        description="results/release/{cohort}/description.csv",
        spread="results/release/{cohort}/spread.csv",
        agreement="results/release/{cohort}/agreement.csv",
        choices="results/release/{cohort}/choices.csv",
        case_sets="results/restricted/{cohort}/case_sets.csv",
        class_changes="results/restricted/{cohort}/class_changes.csv",
    params:
        sources=sources,
        level=config["level"],
    log:
        "results/logs/estimate/{cohort}.log",
    conda:
        "../envs/caseseries.yaml"
    resources:
        mem_mb=1000,
    shell:
        "python -m caseseries estimate {wildcards.cohort:q} --level {params.level} > {log:q} 2>&1"
