/**
 * Runs the command in `$3 …`, and writes down who keeps the job in the folder `$1` and how it ended, once it has removed the
 * folder `$2`; an empty name is none.
 *
 * What is told to end is the command: the keeper stays to say how it did. A trap, unlike a signal that is ignored, does not
 * pass on to the command.
 */
export const keeperScript = `
folder=$1 leftover=$2
shift 2
umask 077
trap : TERM
put() { printf '%s\\n' "$2" >"$folder/$1.new" && mv -f "$folder/$1.new" "$folder/$1"; }
put pid "$$ $(cut -d ' ' -f 22 "/proc/$$/stat")"
"$@" >>"$folder/stdout" 2>>"$folder/stderr"
code=$?
[ -z "$leftover" ] || rm -rf -- "$leftover"
put exitstatus "$code"
`;
