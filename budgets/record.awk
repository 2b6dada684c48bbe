# Prints budgets.toml with the figures that the images told: awk -f record.awk MEASURED budgets.toml

FNR == NR && $3 == "flash" { flash[$1] += $2 == "use" ? $4 : -$4 }
FNR == NR && $2 == "use" && $3 == "call" {
    calls[$1] = calls[$1] $4 ".stack = " $5 "\n" $4 ".instructions = " $6 "\n"
}
FNR == NR { next }

function finish() {
    if (use != "") printf "flash = %d\n%s", flash[use], calls[use]
    use = ""
}

/^\[/ { finish(); if (begun++) print ""; use = substr($0, 2, length($0) - 2); print; next }
# Recorded figures and the blank lines between uses are written anew; comments, promises and what is over them stay.
begun && (/^$/ || ($2 == "=" && $1 !~ /_/)) { next }
{ print }
END { finish() }
