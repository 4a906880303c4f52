"""What was computed of each submission, kept from night to night."""
