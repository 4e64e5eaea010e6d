# Sourced by ./run: of Snakemake's account of a run one line a job, "[done of all] stage cohort".
# Of a failed job its log is shown. Lines that are not known here are shown as they come. Returns 2 where a job ended
# because of bad input.

show_progress() {
    local line finished=0 all="?" table="" locked="" status=0
    while IFS= read -r line; do
        if [ -n "$table" ]; then
            [[ $line =~ ^total\ +([0-9]+)$ ]] && all=${BASH_REMATCH[1]}
            [ -z "$line" ] && table=""
        elif [[ $line =~ ^Job\ [0-9]+:\ (.*)$ ]]; then
            printf '[%*d of %s] %s\n' "${#all}" "$finished" "$all" "${BASH_REMATCH[1]}"
        elif [[ $line =~ ^([0-9]+)\ of\ ([0-9]+)\ steps ]]; then
            finished=${BASH_REMATCH[1]} all=${BASH_REMATCH[2]}
        else
            [[ $line == "LockException:" ]] && locked=yes
            [[ $line == *"returned non-zero exit status 2." ]] && status=2
            case $line in
                "Job stats:") table=yes ;;
                "" | "["[A-Z][a-z][a-z]" "*"]" | "Finished jobid: "* | "Select jobs to execute..." | "Execute "*" jobs...") ;;
                "localrule all:" | "    input: results/release/MANIFEST.sha256" | "    jobid: 0" | "    resources: tmpdir="*) ;;
                "Assuming unrestricted shared"* | "Building DAG of jobs..." | "Using shell: "* | "Provided cores: "*) ;;
                "Rules claiming more threads"* | "Conda environments: ignored" | "Complete log(s): "* | "Config file "*) ;;
                "RuleException:" | "CalledProcessError in file "* | "Command 'set -euo pipefail"* | "Error in rule "*) ;;
                "    "[a-z]*": "* | "    shell:" | "        python -m caseseries "* | "        (command exited "*) ;;
                "WorkflowError:" | "At least one job did not "* | "Shutting down, this might "* | "===="*"====") ;;
                *) printf '%s\n' "$line" ;;
            esac
        fi
    done
    if [ -n "$locked" ]; then
        echo "If no other run is going on here, an earlier one was killed. Free the folder, then run again:"
        echo "  ./run -- --unlock"
    fi
    return "$status"
}
