from django.urls import path

from entities.views import (
    duplicates,
    entities,
    histories,
    local_governments,
    looks,
    merges,
    people,
    privacy,
)

app_name = "entities"

urlpatterns = [
    # /entities/
    path("entities/", entities.entity_list, name="entity_list"),
    path("entities/add/", entities.entity_create, name="entity_create"),
    path("entities/options/", entities.entity_options, name="entity_options"),
    path("entities/twins/", entities.entity_twins, name="entity_twins"),
    path("entities/duplicates/", duplicates.entity_duplicates, name="entity_duplicates"),
    path(
        "entities/duplicates/dismiss/",
        duplicates.entity_duplicate_dismiss,
        name="entity_duplicate_dismiss",
    ),
    path(
        "entities/duplicates/<int:pk>/recall/",
        duplicates.entity_duplicate_recall,
        name="entity_duplicate_recall",
    ),
    path("entities/<int:pk>/", entities.entity_detail, name="entity_detail"),
    path("entities/<int:pk>/edit/", entities.entity_edit, name="entity_edit"),
    path("entities/<int:pk>/history/", histories.entity_history, name="entity_history"),
    path("entities/<int:pk>/merge/", merges.entity_merge, name="entity_merge"),
    path("merges/", merges.merge_list, name="merge_list"),
    path("merges/<int:pk>/undo/", merges.merge_undo, name="merge_undo"),
    # /people/
    path("people/", people.person_list, name="person_list"),
    path("people/add/", people.person_create, name="person_create"),
    path("people/export/", looks.person_export, name="person_export"),
    path("people/twins/", people.person_twins, name="person_twins"),
    path("people/duplicates/", duplicates.person_duplicates, name="person_duplicates"),
    path(
        "people/duplicates/dismiss/",
        duplicates.person_duplicate_dismiss,
        name="person_duplicate_dismiss",
    ),
    path(
        "people/duplicates/<int:pk>/recall/",
        duplicates.person_duplicate_recall,
        name="person_duplicate_recall",
    ),
    path("people/<int:pk>/", people.person_detail, name="person_detail"),
    path("people/<int:pk>/edit/", people.person_edit, name="person_edit"),
    path("people/<int:pk>/history/", histories.person_history, name="person_history"),
    path("people/<int:pk>/looks/", looks.person_looks, name="person_looks"),
    path("people/<int:pk>/data/", privacy.person_data, name="person_data"),
    path("people/<int:pk>/data/<str:kind>/", privacy.person_data_file, name="person_data_file"),
    path("people/<int:pk>/merge/", merges.person_merge, name="person_merge"),
    path("looks/", looks.look_list, name="look_list"),
    # /local-governments/
    path(
        "local-governments/",
        local_governments.local_government_list,
        name="local_government_list",
    ),
    path(
        "local-governments/options/",
        local_governments.local_government_options,
        name="local_government_options",
    ),
    path("local-governments/seats/", local_governments.seat_options, name="seat_options"),
    path("local-governments/areas/", local_governments.area_options, name="area_options"),
    path("local-governments/powiats/", local_governments.powiat_options, name="powiat_options"),
    path(
        "local-governments/<slug:code>/",
        local_governments.local_government_detail,
        name="local_government_detail",
    ),
]
