{# Used by the comments on GitHub and GitLab: words comment.json from changes.json and problems.json. #}
cat > comment.jq <<'END'
# A text of the report, letter by letter: every sign but letters, digits and spaces is written as its number,
# and neither GitHub nor GitLab makes links, mentions, references or commands of what is code.
def lettered($most):
  gsub("[\\p{C}\\p{Z}\\s]+"; " ")
  | if length > $most then .[:$most - 1] + "…" else . end
  | gsub("(?<sign>[^\\p{L}\\p{N} ])"; "&#\(.sign | explode[0]);")
  | if test("\\S") then "<code>\(.)</code>" else "–" end;
def shown:
  (if type == "object" then .text // .value // .status // .unknown // .id // tojson else . end)
  | if . == null then "–" else (if type == "string" then . else tojson end) | lettered(160) end;
# The line that says it all stands as it is where it has the words of `aipm changes` and, but for them, only
# ids and numbers. A stranger's other sentence is shown as what it is: a text of the report.
def headline:
  "(green|amber|red|not fully reported|not reported|not tracked)" as $status
  | "[\\p{L}\\p{N}]+([._-][\\p{L}\\p{N}]+)*" as $id
  | "[+−][ \u00a0]?([A-Z]{3}[ \u00a0])?[0-9][0-9,.]*([ \u00a0](days?|[mbtr]+illion))?" as $rise
  | ([
      "\($id) (new at|now|reopened at) [0-9]+", "\($id) (go|conditional|no-go)", "\($id) no gate any more",
      "\($id) (closed|materialised|withdrawn|removed while open|no longer scored)",
      "\($id) \($status) → \($status)", "\($id) no longer tracked",
      "(finish P[58]0|estimate at completion) \($rise)", "[0-9]+ more"
    ] | join("|")) as $clause
  | ([
      "Overall \($status) → \($status)", "Overall still \($status)", "The project answers for no dimension",
      "The overall status is not shared with this audience"
    ] | join("|")) as $overall
  | "The status was not compared: [0-9]+ records? of the state (before|after) cannot be read\\." as $unread
  | if test("^(No change to the status\\.|\($unread)|(\($overall))(: (\($clause))(; (\($clause)))*)?)$")
      and length <= 500 then "**\(.)**" else lettered(500) end;
def counted($one; $many): if . == 1 then "1 \($one)" else "\(.) \($many)" end;
def colour: if IN("green", "amber", "red") then .
  elif IN("not_fully_reported", "not_reported", "not_applicable") then gsub("_"; " ") else shown end;
def table($head): if length == 0 then empty else "", "| \($head | join(" | ")) |",
  "|\($head | map("---") | join("|"))|", (.[:50][] | "| \(join(" | ")) |"),
  (if length > 50 then "", "… and \(length - 50) more; the full report has them all." else empty end) end;
def folded($title; rows): [rows] | if length == 0 then empty
  else "", "<details><summary>\($title)</summary>", .[], "", "</details>" end;

($changes[0]) as $report
| ($report.records // {}) as $records
| ($problems[0].problems | map(select(.severity == "error"))) as $errors
| [
  "<!-- aipm-changes -->",
  ($report.headline | headline),
  ([
    (if $errors != [] then "\($errors | length | counted("error"; "errors")) in the records must be mended."
    else empty end),
    ({block: "The policy does not allow this change.", warn: "The policy warns of this change."}
      [$report.verdict] // empty)
  ] | if . == [] then empty else "", join(" ") end),
  ($report.policy // [] | map(select(.verdict != "allow") | [(.verdict | shown), (.text | shown)])
    | table(["policy", "because"])),
  ($report.dimensions // [] | map([(.name | shown), (.before | colour), (.after | colour)])
    | table(["dimension", "before", "after"])),
  ($report.figures // [] | map([(.name | shown), (.before | shown), (.after | shown),
    (if .better == true then "better" elif .better == false then "worse" else "" end)])
    | table(["figure", "before", "after", ""])),
  ($report.gates // [] | map([(.id | shown), (.title | shown), (.before | shown), (.after | shown)])
    | table(["gate", "title", "before", "after"])),
  ($report.id_collisions // [] | map([(.id | shown), (.base.title? | shown), (.head.title? | shown)])
    | table(["id that was taken twice", "on the base branch", "here"])),
  ($report.reclassified // [] | map([(.id | shown), (.before | shown), (.after | shown)])
    | table(["for another audience", "before", "after"])),
  folded("Errors"; $errors | map([("\(.file):\(.line // 1)" | shown), (.code | shown), (.message | shown)])
    | table(["place", "code", "what is wrong"])),
  folded("Records: \($records.added // [] | length) added, \($records.changed // [] | length) changed,"
      + " \($records.closed // [] | length) closed, \($records.removed // [] | length) removed";
    (["added", "closed", "removed"][] as $what
      | $records[$what] // [] | map([(.id | shown), (.title | shown)]) | table([$what, "title"])),
    ($records.changed // [] | map(.id as $id | .fields // [] | .[]
      | [($id | shown), (.field | shown), (.before | shown), (.after | shown)])
      | table(["changed", "field", "before", "after"]))),
  (if env.OUTSIDE == "false" then empty else "",
    "This \(env.REQUEST) also changes files outside of the records. They had no part in this report, and want"
    + " a review of their own." end),
  "",
  "[Full report](\(env.REPORT_URL))"
    + (if env.SITE_URL == "" then "" else " · [the site](\(env.SITE_URL)), to download" end)
    + " · for commit \(env.HEAD_SHA[:12])"
] | join("\n")
END
jq --null-input --raw-output --slurpfile changes changes.json --slurpfile problems problems.json \
  --from-file comment.jq > comment.md
# On GitHub a comment may have 65,536 characters.
if [ "$(wc -m < comment.md)" -gt 60000 ]; then
  { head -n 2 comment.md; printf '\nThe rest is too long for a comment.\n'; tail -n 2 comment.md; } > short.md
  mv short.md comment.md
fi
jq --null-input --rawfile body comment.md '{body: ($body | rtrimstr("\n"))}' > comment.json
