"""Delivery: what leaves the machine, to whom, and what has been sent already; only here the network is used."""
