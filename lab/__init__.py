"""What makes the product and is no part of it: training, fitting, benches.

``python -m lab --help`` lists the commands. Nothing in ``qa`` imports this.
"""
