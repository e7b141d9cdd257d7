{# Used by the publishing on GitHub and GitLab: the day that a run speaks for; $event says what started it. #}
# Today in the project's zone, so that a push of an older commit does not fall behind last night. A night speaks
# for the day that begins; by the clocks of America it starts in the evening before, so it looks six hours ahead.
zone="$(sed -n "s/^tz:[[:space:]]*[\"']\{0,1\}\([A-Za-z0-9_+/-]*\).*/\1/p" "$CONTENT/project.yml")"
ahead=0
if [ "$event" = schedule ]; then ahead=6; fi
today="$(TZ="${zone:-UTC}" date --date "+$ahead hours" +%Y-%m-%d)"
