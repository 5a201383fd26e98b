"""What the product says of data whose story is known: from the file to the sentence, in both languages."""
