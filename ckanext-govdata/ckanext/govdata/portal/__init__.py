"""What the public pages say: figures, suggestions, marks, citations, examples. No Flask, no templates."""
