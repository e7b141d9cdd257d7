{# Used by the comments on GitHub and GitLab: puts comment.json together from changes.md, which aipm worded. #}
{
  printf '<!-- aipm-changes -->\n'
  cat changes.md
  case "$OUTSIDE" in
    yes) printf '\nThis %s also changes files outside of the records.' "$REQUEST" ;;
    perhaps) printf '\nThis %s changes more files than are listed, perhaps also some outside of the records.' "$REQUEST" ;;
  esac
  if [ "$OUTSIDE" != no ]; then
    printf ' Those had no part in this report, and want a review of their own.\n'
  fi
  printf '\n[Full report](%s)' "$REPORT_URL"
  if [ -n "$SITE_URL" ]; then printf ' · [the site](%s), to download' "$SITE_URL"; fi
  printf ' · for commit %s\n' "${HEAD_SHA:0:12}"
} > comment.md
jq --null-input --rawfile body comment.md '{body: ($body | rtrimstr("\n"))}' > comment.json
