"""What the demo asks of an agent: every name is written as it stands on the page, and stands there once."""

DEMO_TASK = """\
click "Sign in", type "anna" into "User name", type "boots-and-tea" into "Password", click "Sign in".
type "boots" into "Search the shop", press Enter.
type "150" into "Highest price", check "In stock only", select "Price low to high" in "Sort by", click "Apply filters".
click "Ridge Walker Boots", select "42" in "Size", check "Forest green", click "Add to cart", \
wait for "Ridge Walker Boots added", click "Checkout".
type "Anna Berg" into "Full name", type "anna@example.com" into "E-mail", type "Mill Lane 3" into "Street and number", \
type "3511 AB" into "Post code", type "Utrecht" into "City", select "Netherlands" in "Country", \
check "Express delivery", check "I accept the terms of sale", click "Place order".
wait for "Thank you", tell me the order number."""
