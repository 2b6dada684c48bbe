# Holds what the images told against budgets.toml, and prints a table: awk -f check.awk budgets.toml MEASURED

# The figures of budgets.toml, by use and name.
FNR == NR && /^\[/ { section = substr($0, 2, length($0) - 2); uses[++count] = section; next }
FNR == NR && $2 == "=" { figure[section, $1] = $3; next }
FNR == NR { next }

# Lines of MEASURED: use, which image, "flash" and a number, or "call", a name, stack, instructions.
$3 == "flash" { flash[$1] += $2 == "use" ? $4 : -$4; told[$1, $2] = 1; }
$2 == "use" && $3 == "call" {
    calls[$1] = calls[$1] " " $4
    measured[$1, $4 ".stack"] = $5
    measured[$1, $4 ".instructions"] = $6
    if ($5 > stack[$1]) stack[$1] = $5
}

function fault(text) { faults[++faulty] = text }

# A measured figure against the recorded one; the slack is what a compiler's whim may cost.
function against_recorded(use, name, now, slack,    recorded) {
    if (!((use, name) in figure)) { fault(use ": " name " is not recorded; run budgets/run.sh record"); return }
    recorded = figure[use, name]
    if (now > recorded + slack)
        fault(sprintf("%s: %s was %d and is %d, over the slack of %d; make it smaller, or say why and run budgets/run.sh record", use, name, recorded, now, slack))
    else if (now < recorded - slack) hints[++hinted] = sprintf("%s: %s was %d and is %d: run budgets/run.sh record", use, name, recorded, now)
}

function against_promise(use, what, now,    promise, over) {
    promise = figure[use, what "_promise"]
    over = figure[use, what "_over"] + 0
    if (promise == "") fault(use ": budgets.toml has no " what "_promise")
    else if (now > promise + over)
        fault(sprintf("%s: %s %d is %d over the promise of %d, and %s_over says %d", use, what, now, now - promise, promise, what, over))
    else if (over > 0 && now <= promise) fault(sprintf("%s: %s %d keeps its promise: take %s_over out", use, what, now, what))
    return over > 0 ? sprintf("%d, missed by %d", promise, now - promise) : promise
}

END {
    printf "| use | flash | promise | stack | promise | instructions a call |\n|---|---:|---:|---:|---:|---|\n"
    for (i = 1; i <= count; i++) {
        use = uses[i]
        if (!told[use, "use"] || !told[use, "floor"] || !calls[use]) { fault(use ": its images told nothing"); continue }
        flash_promise = against_promise(use, "flash", flash[use])
        stack_promise = against_promise(use, "stack", stack[use])
        against_recorded(use, "flash", flash[use], 64)
        n = split(calls[use], names, " ")
        list = ""
        for (j = 1; j <= n; j++) {
            call = names[j]
            instructions = measured[use, call ".instructions"]
            against_recorded(use, call ".stack", measured[use, call ".stack"], 64)
            against_recorded(use, call ".instructions", instructions, int(instructions * 3 / 103))
            list = list (j > 1 ? ", " : "") call " " instructions
        }
        printf "| %s | %d | %s | %d | %s | %s |\n", use, flash[use], flash_promise, stack[use], stack_promise, list
        missed += (figure[use, "flash_over"] > 0) + (figure[use, "stack_over"] > 0)
    }
    for (key in figure) {
        split(key, parts, SUBSEP)
        if (parts[2] ~ /\./ && !(key in measured)) fault(parts[1] ": " parts[2] " is recorded and no such call was measured; run budgets/run.sh record")
    }
    for (i = 1; i <= hinted; i++) print "hint: " hints[i]
    for (i = 1; i <= faulty; i++) print "budgets: " faults[i]
    if (faulty || count == 0) exit 1
    printf "budgets: %d uses within what was recorded, %d of %d promises kept, %d missed as written\n", count, 2 * count - missed, 2 * count, missed
}
