from __future__ import annotations

from django.urls import path

from einklang.faces.studio.approval import acts, review
from einklang.faces.studio.content import compare, edit, mandatory, pages, smpc, topics, trial

urlpatterns = [
    path("content/", pages.listing, name="content"),
    path("content/new", edit.new, name="content-new"),
    path("content/<uuid:version>/", pages.detail, name="content-detail"),
    path("content/<uuid:version>/edit", edit.edit, name="content-edit"),
    path("content/<uuid:version>/compare", compare.view, name="content-compare"),
    path("content/<uuid:version>/references", review.proofs, name="content-references"),
    path("content/<uuid:version>/smpc", review.smpc, name="content-smpc"),
    path("content/<uuid:version>/review", review.review, name="review"),
    path("content/<uuid:version>/comment", review.comment, name="comment"),
    path("content/<uuid:version>/comments/<uuid:comment>", review.settle, name="comment-settle"),
    path("content/<uuid:version>/test", trial.test, name="content-test"),
    path("content/<uuid:version>/control", acts.control, name="content-control"),
    path("content/<uuid:version>/withdraw", acts.withdraw, name="content-withdraw"),
    path("content/<uuid:version>/confirm", acts.confirm, name="content-confirm"),
    path("content/<uuid:version>/signatures.pdf", acts.signatures, name="content-signatures"),
    path("content/<uuid:version>/files/<path:name>", pages.file, name="content-file"),
    path("tasks/", acts.listing, name="tasks"),
    path("tasks/<uuid:task>/done", acts.finish, name="task-done"),
    path("topics/", topics.listing, name="topics"),
    path("topics/new", topics.new, name="topic-new"),
    path("topics/<str:topic>/", topics.detail, name="topic"),
    path("topics/<str:topic>/retire", topics.retire, name="topic-retire"),
    path("topics/<str:topic>/restore", topics.restore, name="topic-restore"),
    path("topics/<str:topic>/drop", topics.drop, name="topic-drop"),
    path("smpc/", smpc.listing, name="smpc"),
    path("smpc/<uuid:product>/new", smpc.publish, name="smpc-new"),
    path("smpc/<uuid:product>/mandatory", mandatory.texts, name="mandatory"),
]
