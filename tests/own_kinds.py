"""A project that declares kinds of its own: every type of field, rows, and an extended kind."""

VENDOR = """\
description: a company whose services the project relies on
folder: vendors
prefix: VND
fresh_days: 90
status: {words: [candidate, active, ended], default: active, done: [ended]}
dated: signed
ended: [ended_on, end_reason]
fields:
  - {name: criticality, type: word, words: [low, medium, high], level: needed, description: how much stops without it}
  - {name: services, type: line, many: true, level: expected, description: what it does for us}
  - {name: signed, type: date, description: first day of the contract}
  - {name: ended_on, type: date, description: last day of the contract}
  - {name: end_reason, type: prose, description: why it ended}
  - {name: answered_at, type: moment, description: when it last answered}
  - {name: yearly_cost, type: money, description: what it costs in a year}
  - {name: availability, type: ratio, description: the availability that it promises}
  - {name: seats, type: whole_number, least: 1, most: 500, description: how many people may use it}
  - {name: delay_hours, type: number, most: 72, description: how long an answer takes}
  - {name: is_audited, type: true_or_false, description: whether somebody audits it}
  - {name: risks, type: reference, to: [risk], many: true, description: risks that come with it}
  - {name: parent_company, type: reference, to: [vendor], description: the vendor that owns it}
  - {name: copy, type: line, description: what it may copy}
  - name: contacts
    type: group
    many: true
    description: whom to call
    fields:
      - {name: role, type: line, level: needed, description: what the person does}
      - {name: answers, type: word, words: [by_day, always], description: when the person answers}
columns: [id, title, criticality, status, yearly_cost, owner]
order: [-criticality, title]
"""
USAGE = """\
description: how much of a vendor's service was used in a month
folder: usages
prefix: USE
rows: true
dated: month
key: [vendor, month]
fields:
  - {name: vendor, type: reference, to: [vendor], level: needed, description: the vendor}
  - {name: month, type: date, level: needed, description: first day of the month}
  - {name: hours, type: number, level: needed, description: hours that were used}
"""
HAZARD = """\
extends: risk
fields:
  - {name: hazard, type: word, words: [none, minor, major], level: needed, description: what a patient may suffer}
  - {name: assessed_with, type: reference, to: [vendor], description: the vendor that helped to assess it}
tighten:
  - {field: cause, level: needed}
  - {field: trigger, level: expected}
  - {field: category, words: [safety, privacy_security, data_quality]}
  - {field: affected_objectives, level: needed}
columns: [id, title, score, hazard, owner]
"""
CLOUD = """\
id: VND-001
title: Cloud provider
owner: platform lead
criticality: high
services: [GPU hours, storage]
signed: 2026-01-15
reviewed_on: 2026-04-01
answered_at: 2026-04-10T09:30+02:00
yearly_cost: {amount: 12000.50, currency: USD}
availability: 0.999
seats: 12
delay_hours: 1.5
is_audited: true
risks: [RSK-001]
copy: nothing
contacts: [{role: account manager, answers: by_day}]
custom: {cost_centre: "4711", nested: {list: [1, two]}}
"""
LABELS = "id: VND-002\ntitle: Labelling office\ncriticality: low\nparent_company: VND-001\n"
RISK = """\
id: RSK-001
title: The provider ends a region
cause: prices of energy
probability: 3
impact: 4
hazard: minor
affected_objectives: [less waiting]
assessed_with: VND-001
"""
USES = "- {vendor: VND-001, month: 2026-03-01, hours: 120.5, custom: {meter: m-7}}\n"

KINDS = {"kinds/vendor.yml": VENDOR, "kinds/usage.yml": USAGE, "kinds/clinical-risk.yml": HAZARD}
FILES = {
    **KINDS,
    "vendors/VND-001.yml": CLOUD,
    "vendors/VND-002.yml": LABELS,
    "risks/RSK-001.yml": RISK,
    "usages.yml": USES,
}
