"""One adapter per vendor: messages out, replies in, errors in our words."""
