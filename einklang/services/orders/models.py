"""The sample ledger (DE-SAM-09): who asked for what, when and how, and what left the warehouse."""

from __future__ import annotations

from django.db import models


class Order(models.Model):
    """One request of one person for one delivery (DE-SAM-02). Only its state ever changes."""

    id = models.UUIDField(primary_key=True)
    person = models.UUIDField(db_index=True)
    pack = models.UUIDField()
    count_key = models.TextField()
    quantity = models.PositiveSmallIntegerField()
    channel = models.TextField()
    requested_by = models.UUIDField()
    requested_at = models.DateTimeField()
    signed_name = models.TextField()
    signature = models.TextField()
    text_shown = models.TextField()
    verdict = models.UUIDField()
    token = models.TextField(unique=True)
    state = models.TextField(default="requested")

    class Meta:
        indexes = [
            models.Index(fields=["person", "count_key", "requested_at"]),
            models.Index(fields=["requested_at"], condition=models.Q(state="requested"), name="orders_open"),
        ]


class Shipment(models.Model):
    order = models.OneToOneField(Order, on_delete=models.PROTECT, primary_key=True, related_name="+")
    number = models.TextField(unique=True)
    batch = models.TextField()
    expiry = models.DateField()
    dispatched_at = models.DateTimeField()
    dispatched_by = models.UUIDField()
    verdict = models.UUIDField()
    smpc = models.UUIDField()
    smpc_version = models.PositiveIntegerField()
    smpc_sha256 = models.TextField()
    retain_until = models.DateField()
    note = models.BinaryField()
    note_sha256 = models.TextField()


class Stock(models.Model):
    """What was counted of one batch in the warehouse, and when; `stock.shelves` reckons from there what is left."""

    id = models.UUIDField(primary_key=True)
    pack = models.UUIDField()
    batch = models.TextField()
    expiry = models.DateField()
    counted = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pack", "batch"], name="orders_stock_batch")]
