"""Writes the corpus of the sanitizer anew: `python3 tests/sanitizer/generate`. Same code, same bytes.

It is in another language than the sanitizer on purpose: what it knows of check digits, lengths and prefixes it has from
the specifications, and shares no line with the code that is judged by it. Needs Python 3.9, nothing else.
"""

import credentials
import devices
import held_out
import identifiers
import personal
import providers
import texts

positives = personal.write() + devices.write() + credentials.write() + providers.write()
harmless = identifiers.write() + texts.write()
# Last, so that what was there before stays as it was.
held_out.write()
print(f"{positives} positives, {harmless} harmless values")
