"""The demonstration district, built only through the product's services (architecture test)."""
