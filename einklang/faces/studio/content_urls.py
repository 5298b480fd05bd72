from __future__ import annotations

from django.urls import path

from einklang.faces.studio import approval, approval_acts, content, content_compare, content_edit, mandatory, smpc

urlpatterns = [
    path("content/", content.listing, name="content"),
    path("content/new", content_edit.new, name="content-new"),
    path("content/<uuid:version>/", content.detail, name="content-detail"),
    path("content/<uuid:version>/edit", content_edit.edit, name="content-edit"),
    path("content/<uuid:version>/compare", content_compare.view, name="content-compare"),
    path("content/<uuid:version>/references", approval.proofs, name="content-references"),
    path("content/<uuid:version>/smpc", approval.smpc, name="content-smpc"),
    path("content/<uuid:version>/review", approval.review, name="review"),
    path("content/<uuid:version>/comment", approval.comment, name="comment"),
    path("content/<uuid:version>/comments/<uuid:comment>", approval.settle, name="comment-settle"),
    path("content/<uuid:version>/control", approval_acts.control, name="content-control"),
    path("content/<uuid:version>/withdraw", approval_acts.withdraw, name="content-withdraw"),
    path("content/<uuid:version>/confirm", approval_acts.confirm, name="content-confirm"),
    path("content/<uuid:version>/signatures.pdf", approval_acts.signatures, name="content-signatures"),
    path("content/<uuid:version>/files/<path:name>", content.file, name="content-file"),
    path("tasks/", approval_acts.listing, name="tasks"),
    path("tasks/<uuid:task>/done", approval_acts.finish, name="task-done"),
    path("smpc/", smpc.listing, name="smpc"),
    path("smpc/<uuid:product>/new", smpc.publish, name="smpc-new"),
    path("smpc/<uuid:product>/mandatory", mandatory.texts, name="mandatory"),
]
