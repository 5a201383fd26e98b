"""The content of a document made readable: shown safely, as plain paragraphs, and compared; needs no records."""
