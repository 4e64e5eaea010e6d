rule classify:
    message:
        "classify {wildcards.cohort}"
    wildcard_constraints:
        cohort=small(),
    input:
        **inputs("classify"),
    output:
        **outputs("classify"),
    params:
        sources=sources,
        settings=settings("classify"),
    log:
        "results/logs/classify/{cohort}.log",
    conda:
        "../envs/caseseries.yaml"
    resources:
        **needs("classify"),
    shell:
        "python -m caseseries classify {wildcards.cohort:q} --settings {params.settings:q} > {log:q} 2>&1"


rule classify_shard:
    message:
        "classify {wildcards.cohort}, {wildcards.shard}"
    wildcard_constraints:
        cohort=large(),
        shard=r"[0-9]+-of-[0-9]+",
    input:
        **inputs("classify"),
    output:
        responses=temp("results/restricted/{cohort}/shards/{shard}/responses.parquet"),
        times=temp("results/restricted/{cohort}/shards/{shard}/times.parquet"),
    params:
        sources=sources,
        settings=settings("classify"),
    log:
        "results/logs/classify/{cohort}.{shard}.log",
    conda:
        "../envs/caseseries.yaml"
    resources:
        **needs("classify_shard"),
    shell:
        "python -m caseseries classify {wildcards.cohort:q} --shard {wildcards.shard:q}"
        " --settings {params.settings:q} > {log:q} 2>&1"


rule classify_gather:
    message:
        "classify {wildcards.cohort}, all shards"
    wildcard_constraints:
        cohort=large(),
    input:
        **inputs("classify"),
        responses=shards("results/restricted/{cohort}/shards/{shard}/responses.parquet"),
        times=shards("results/restricted/{cohort}/shards/{shard}/times.parquet"),
    output:
        **outputs("classify", large=True),
    params:
        sources=sources,
        settings=settings("classify"),
        shards=lambda wildcards: LAYOUT.shards(wildcards.cohort),
    log:
        "results/logs/classify/{cohort}.log",
    conda:
        "../envs/caseseries.yaml"
    resources:
        **needs("classify_gather"),
    shell:
        "python -m caseseries classify {wildcards.cohort:q} --gather {params.shards}"
        " --settings {params.settings:q} > {log:q} 2>&1"
