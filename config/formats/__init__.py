"""How a date is typed, by language, where Django's own answer would misread a French town hall."""
