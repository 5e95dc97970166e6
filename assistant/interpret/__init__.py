"""Speech understanding: text heard → one intent with slots, or an honest "unsure". Pure."""
