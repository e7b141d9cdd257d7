"""The list of currencies and their decimals is that of the Unicode CLDR."""

from babel.core import get_global

from aipm_site.records.currency import CURRENCIES, decimals_of


def test_currencies_are_those_of_the_cldr():
    # XTS is for tests, XXX for what has no currency (ISO 4217).
    assert set(get_global("all_currencies")) - {"XTS", "XXX"} == CURRENCIES


def test_decimals_are_those_of_the_cldr():
    fractions = get_global("currency_fractions")

    told = {currency: decimals_of(currency) for currency in CURRENCIES}

    assert told == {currency: fractions.get(currency, fractions["DEFAULT"])[0] for currency in CURRENCIES}
    # ISO 4217, so that an empty table would not pass.
    assert (told["JPY"], told["USD"], told["KWD"], told["CLF"]) == (0, 2, 3, 4)
