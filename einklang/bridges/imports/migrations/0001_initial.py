import django.contrib.postgres.fields
import django.db.models.deletion
import einklang.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.UUIDField(default=einklang.core.ids.new, editable=False, primary_key=True, serialize=False)),
                ('kind', models.TextField()),
                ('source', models.TextField()),
                ('third_party', models.BooleanField(default=False)),
                ('filename', models.TextField()),
                ('format', models.JSONField()),
                ('sha256', models.TextField()),
                ('columns', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ('mapping', models.JSONField(default=dict)),
                ('rows', models.IntegerField()),
                ('state', models.TextField(default='uploaded')),
                ('phase', models.TextField(default='check')),
                ('position', models.IntegerField(default=0)),
                ('offset', models.BigIntegerField(default=0)),
                ('counts', models.JSONField(default=dict)),
                ('version', models.IntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('file_erased_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row', models.IntegerField()),
                ('subject', models.UUIDField(db_index=True, null=True)),
                ('result', models.TextField()),
                ('before', models.JSONField()),
                ('after', models.JSONField()),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='imports.batch')),
            ],
        ),
        migrations.CreateModel(
            name='Mapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.TextField()),
                ('columns_sha256', models.TextField()),
                ('mapping', models.JSONField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'columns_sha256'), name='imports_mapping_once')],
            },
        ),
        migrations.CreateModel(
            name='Reference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('namespace', models.TextField()),
                ('value', models.TextField()),
                ('subject', models.UUIDField()),
                ('moment', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('namespace', 'value'), name='imports_reference_once')],
            },
        ),
        migrations.CreateModel(
            name='Refusal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.IntegerField()),
                ('row', models.IntegerField()),
                ('field', models.TextField()),
                ('rule', models.JSONField()),
                ('way_out', models.JSONField()),
                ('warning', models.BooleanField(default=False)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='imports.batch')),
            ],
        ),
        migrations.AddIndex(
            model_name='batch',
            index=models.Index(condition=models.Q(('state__in', ('checking', 'running'))), fields=['created_at'], name='imports_batch_at_work'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('uploaded', 'checking', 'checked', 'running', 'stopped', 'done', 'failed'))), name='imports_batch_state_known'),
        ),
        migrations.AddIndex(
            model_name='change',
            index=models.Index(fields=['batch', 'row'], name='imports_change_row'),
        ),
        migrations.AddIndex(
            model_name='refusal',
            index=models.Index(fields=['batch', 'position'], name='imports_refusal_row'),
        ),
    ]
