"""People and what they may do in which job."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

from inspection.vocabulary import Language, MemberRole


class Person(AbstractUser):
    """Somebody, or some machine, with a log-in. Site administrators have `is_staff`."""

    language = models.CharField(max_length=8, choices=Language.choices, blank=True, help_text="Blank: the browser's.")
    simulated = models.BooleanField(default=False, help_text="A simulated inspector of the demonstration.")

    @property
    def shown_name(self) -> str:
        """Name for pages and reports; a simulated inspector is marked wherever it appears."""
        return f"{self.username} (simulated)" if self.simulated else self.username


class Membership(models.Model):
    """A person's role in one job."""

    job = models.ForeignKey("Job", on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=MemberRole.choices)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "person"], name="one_role_per_job")]

    def __str__(self) -> str:
        return f"{self.person} is {self.role} of {self.job}"
