"""All English: values in, sentences out."""
