"""Currencies: the codes of ISO 4217, and how many decimals an amount has in each, as the CLDR of Unicode has them."""

from __future__ import annotations

from collections.abc import Mapping

# Written out, not taken from Babel, which has these data too: to import it costs a tenth of a second of every command,
# and the bytes that a commit gives would change with its version. A test holds them to what Babel says.
_USUAL = """
AED AFA ALK AMD ANG AOA AOK AON AOR ARA ARL ARM ARP ARS ATS AUD AWG AZM AZN BAD BAM BAN BBD BDT BEC BEF BEL BGL
BGM BGN BGO BMD BND BOB BOL BOP BOV BRB BRC BRE BRL BRN BRR BRZ BSD BTN BUK BWP BYB BYN BZD CAD CDF CHE CHF CHW
CLE CNH CNX CNY COP COU CRC CSD CSK CUC CUP CVE CYP CZK DDM DEM DKK DOP DZD ECS ECV EEK EGP ERN ESA ESB ETB EUR
FIM FJD FKP FRF GBP GEK GEL GHC GHS GIP GMD GNS GQE GRD GTQ GWE GWP GYD HKD HNL HRD HRK HTG HUF IDR IEP ILP ILR
ILS INR ISJ JMD KES KGS KHR KRH KRO KYD KZT LKR LRD LSL LTL LTT LUC LUL LVL LVR MAD MAF MCF MDC MDL MKD MKN MLF
MNT MOP MRU MTL MTP MUR MVP MVR MWK MXN MXP MXV MYR MZE MZM MZN NAD NGN NIC NIO NLG NOK NPR NZD PAB PEI PEN PES
PGK PHP PKR PLN PLZ PTE QAR RHD ROL RON RUB RUR SAR SBD SCR SDD SDG SDP SEK SGD SHP SIT SKK SLE SRD SRG SSP STN
SUR SVC SZL THB TJR TJS TMT TOP TPE TRY TTD TWD TZS UAH UAK UGS USD USN USS UYP UYU UZS VEB VED VEF VES VNN WST
XAG XAU XBA XBB XBC XBD XCD XCG XDR XEU XFO XFU XPD XPT XRE XSU XUA YDD YUD YUM YUN YUR ZAL ZAR ZMW ZRN
ZRZ ZWG ZWL ZWR
"""
_OTHERS: Mapping[int, str] = {
    0: """
ADP AFN ALL BIF BYR CLP DJF ESP GNF IQD IRR ISK ITL JPY KMF KPW KRW LAK LBP LUF MGA MGF MMK MRO PYG RSD RWF SLL
SOS STD SYP TMM TRL UGX UYI VND VUV XAF XOF XPF YER ZMK ZWD
""",
    3: "BHD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
USUAL_DECIMALS = 2
_DECIMALS = {code: decimals for decimals, codes in _OTHERS.items() for code in codes.split()}
# Without XTS, which is for tests, and XXX, which is for what has no currency.
CURRENCIES = frozenset({*_USUAL.split(), *_DECIMALS})


def decimals_of(currency: str) -> int:
    """Return how many decimals amounts of a currency have: 2 for USD, none for JPY, 3 for KWD."""
    return _DECIMALS.get(currency, USUAL_DECIMALS)
