"""Small libraries with questions, and how many the product answers rightly."""
