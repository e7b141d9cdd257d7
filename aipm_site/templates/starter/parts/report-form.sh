{# Used by the comments on GitHub and GitLab: refuses what does not have the form that aipm gives a report. #}
has_form() {
  if ! jq --exit-status --slurp "length == 1 and (.[0] | $2)" "$1.json" > has-form 2>&1; then
    refuse "$1.json does not have the form of a report; no comment is written"
  fi
}
has_form problems '
  .schema == "aipm/problems-1" and (.problems | type == "array" and all(.[]; type == "object"))'
has_form changes '
  def are_objects: type == "array" and all(.[]; type == "object");
  .schema == "aipm/changes-1" and (.verdict | IN("allow", "warn", "block"))
  and (.headline | type == "string") and (.status // {} | type == "object")
  and all((.policy, .dimensions, .figures, .gates, .id_collisions, .reclassified) // []; are_objects)
  and (.records // {} | type == "object" and all(.[]; are_objects))
  and all(.records.changed[]?.fields // []; are_objects)'
