{# Used by the comments on GitHub and GitLab: reads a list that the host hands out page by page. #}
# All pages of the list $1 as one list in the file $2, and in is_whole whether that is all: there are 30 at the most.
all_pages() {
  is_whole=false
  : > pages.json
  for page in $(seq 30); do
    api --dump-header headers.txt "$1&page=$page" > page.json || return 1
    cat page.json >> pages.json
    # Both hosts link to the next page; GitLab names it in a header of its own, too.
    if ! grep --quiet --ignore-case --extended-regexp '^(link:.*rel="next"|x-next-page: *[0-9])' headers.txt; then
      is_whole=true
      break
    fi
  done
  jq --slurp add pages.json > "$2"
}
