"""The facilitator's console: what exercise control sees and does, one screen for each task."""
